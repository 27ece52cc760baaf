namespace TradingEngine.Tests.Faults.Harness;

/// <summary>A run that could not be carried out; says what was awaited and what was seen.</summary>
public sealed class FaultException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FaultException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public FaultException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public FaultException(string message, Exception inner) : base(message, inner)
    {
    }
}

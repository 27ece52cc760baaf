namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>Redis answered with an error, closed the connection, or said what this client cannot read.</summary>
public sealed class RespException : Exception
{
    public RespException() { }

    public RespException(string message) : base(message) { }

    public RespException(string message, Exception inner) : base(message, inner) { }
}

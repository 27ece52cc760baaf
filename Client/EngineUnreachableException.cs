namespace TradingEngine.Client;

/// <summary>No engine answers at an address. The message names the address and what to do.</summary>
public sealed class EngineUnreachableException : Exception
{
    /// <summary>Creates the exception for an address.</summary>
    public EngineUnreachableException(GatewayAddress gateway, Exception? innerException = null)
        : base($"No engine answers at {gateway}. Start one with: dotnet run --project Silo", innerException) =>
        Gateway = gateway;

    /// <summary>Creates the exception for the address of a silo of one of several partitions.</summary>
    public EngineUnreachableException(GatewayAddress gateway, string partition, Exception? innerException = null)
        : base($"No silo of partition {partition} answers at {gateway}: name the gateway of one with --gateway, or another partition with --partition.", innerException) =>
        Gateway = gateway;

    /// <summary>Creates the exception.</summary>
    public EngineUnreachableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public EngineUnreachableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EngineUnreachableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Where no engine answers; null when the address is not known.</summary>
    public GatewayAddress? Gateway { get; }
}

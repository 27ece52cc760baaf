namespace TradingEngine.Client.Commands;

/// <summary>The command line is wrong in a way that only its command can tell.</summary>
internal sealed class UsageException(string message) : Exception(message);

namespace TradingEngine.Client.Commands;

/// <summary>How the process ends; scripts rely on them.</summary>
internal static class ExitCodes
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>The engine refused or failed, or a question was answered with no.</summary>
    public const int NotDone = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No engine, or no Redis, answers at the address.</summary>
    public const int NoEngine = 3;

    /// <summary>The engine was reached and did not answer in time: the outcome is not known.</summary>
    public const int TimedOut = 4;

    /// <summary>Ctrl+C, as shells have it.</summary>
    public const int Interrupted = 130;
}

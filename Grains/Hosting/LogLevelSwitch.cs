using Microsoft.Extensions.Logging;

namespace TradingEngine.Grains.Hosting;

/// <summary>The least level that is logged, changeable while the silo runs. Thread-safe.</summary>
public sealed class LogLevelSwitch
{
    private volatile int _level = (int)LogLevel.Information;

    /// <summary>The least level that is logged.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }
}

using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Security;

/// <summary>The keys in force, read again when their file changes. A file that cannot be read, or is wrong, changes nothing. Thread-safe.</summary>
/// <param name="path">The file.</param>
/// <param name="keys">What it held at the start.</param>
public sealed partial class KeyRing(string path, ApiKeys keys)
{
    private volatile ApiKeys _keys = keys;
    private (DateTime Written, long Length) _seen = LookAt(path);

    /// <summary>Keys in force.</summary>
    public ApiKeys Keys => _keys;

    /// <summary>Looks at the file, and goes by it if it changed.</summary>
    internal void Refresh(ILogger logger)
    {
        var seen = LookAt(path);
        if (seen == _seen)
        {
            return;
        }

        _seen = seen;
        var errors = new List<string>();
        try
        {
            var read = ApiKeys.Read(File.ReadAllLines(path), errors);
            if (errors.Count == 0)
            {
                _keys = read;
                LogRead(logger, read.Keys.Length);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(exception.Message);
        }

        LogWrong(logger, string.Join("; ", errors));
    }

    // The time alone may not change when a file is replaced within its grain.
    private static (DateTime Written, long Length) LookAt(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    [LoggerMessage(4001, LogLevel.Warning, "The file of API keys changed: {Count} keys are in force")]
    private static partial void LogRead(ILogger logger, int count);

    [LoggerMessage(4002, LogLevel.Error, "The file of API keys changed and is wrong, so the keys before it stay in force: {Errors}")]
    private static partial void LogWrong(ILogger logger, string errors);
}

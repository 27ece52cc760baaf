namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>A directory of this run's own, removed with everything in it at disposal.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("trading-bench-");

    public string Path => _directory.FullName;

    /// <summary>Creates a directory inside this one.</summary>
    public string Sub(string name) => _directory.CreateSubdirectory(name).FullName;

    public void Dispose()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Removed by someone else: what was wanted.
        }
    }
}

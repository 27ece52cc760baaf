namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>Finds the repository this benchmark was built from.</summary>
internal static class RepositoryRoot
{
    private const string Marker = "Orleans.sln";

    /// <summary>The directory holding <c>Orleans.sln</c>, upwards from the binary, then from the working directory.</summary>
    public static string Find() =>
        Above(AppContext.BaseDirectory) ?? Above(Directory.GetCurrentDirectory())
        ?? throw new BenchmarkException($"No {Marker} above {AppContext.BaseDirectory}: run from within the repository.");

    private static string? Above(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Marker)))
            {
                return directory.FullName;
            }
        }
        return null;
    }
}

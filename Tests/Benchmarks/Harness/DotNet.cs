namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>How to start .NET programs from here.</summary>
internal static class DotNet
{
    /// <summary>The <c>dotnet</c> that started this process, else the one on the PATH.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>This benchmark's own binary.</summary>
    public static string ThisBinary => typeof(DotNet).Assembly.Location;
}

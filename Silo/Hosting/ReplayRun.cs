namespace TradingEngine.Silo.Hosting;

internal static class ReplayRun
{
    public static Task RunAsync(SiloSettings settings, IServiceProvider services, TextWriter output, CancellationToken stop) => Task.CompletedTask;
}

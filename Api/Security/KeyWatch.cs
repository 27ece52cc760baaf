using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Security;

/// <summary>Looks each second whether the file of keys changed: a key that is made or revoked counts without a restart.</summary>
internal sealed class KeyWatch(ApiOptions options, ILogger<KeyWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (options.Keys is { } keys && await timer.WaitForNextTickAsync(stoppingToken))
            {
                keys.Refresh(logger);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo ends.
        }
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using TradingEngine.Grains.Alerts;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Trading.Alerts;

namespace TradingEngine.Silo.Alerts;

/// <summary>
/// Sends alerts, each target by itself, so that one that is away holds up no other. What a target does not take is tried again with growing pauses
/// and then given up. Trading never waits for it.
/// </summary>
internal sealed partial class AlertSender : BackgroundService, IAlertSink
{
    /// <summary>Alerts that wait for a target; of more the newest are left out, and counted.</summary>
    public const int MostWaiting = 256;

    /// <summary>Tries for an alert: with their pauses some two minutes.</summary>
    public const int MostTries = 8;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestTry = TimeSpan.FromSeconds(10);
    private static readonly Counter<long> s_alerts = EngineTelemetry.Meter.CreateCounter<long>(
        "tradingengine.alerts", "{alert}", "Alerts by target and what became of them: sent, left_out, failed.");

    private readonly (IAlertTarget Target, Channel<Alert> Waiting)[] _targets;
    private readonly ILogger _logger;

    // What carries a secret in its address follows nobody elsewhere.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = s_longestTry,
    };

    public AlertSender(AlertOptions options, ILogger<AlertSender> logger)
    {
        _logger = logger;
        var targets = new List<IAlertTarget>();
        if (options.Webhook is { } webhook)
        {
            targets.Add(new WebhookTarget(webhook, options.WebhookSecret));
        }

        if (options is { TelegramChat: { } chat, TelegramToken: { } token })
        {
            targets.Add(new TelegramTarget(options.TelegramAddress, token, chat));
        }

        _targets = [.. targets.Select(target => (target, Channel.CreateBounded<Alert>(MostWaiting)))];
    }

    public void Offer(Alert alert)
    {
        foreach (var (target, waiting) in _targets)
        {
            if (!waiting.Writer.TryWrite(alert))
            {
                Count(target, "left_out");
                LogLeftOut(_logger, target.Name, alert.Key);
            }
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_targets.Select(entry => SendAllAsync(entry.Target, entry.Waiting.Reader, stoppingToken)));

    private async Task SendAllAsync(IAlertTarget target, ChannelReader<Alert> waiting, CancellationToken stop)
    {
        try
        {
            await foreach (var alert in waiting.ReadAllAsync(stop))
            {
                await SendAsync(target, alert, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    private async Task SendAsync(IAlertTarget target, Alert alert, CancellationToken stop)
    {
        var pause = s_firstPause;
        for (var attempt = 1; ; attempt++)
        {
            var (isTaken, isFinal, answer, wait) = await TryAsync(target, alert, stop);
            if (isTaken)
            {
                Count(target, "sent");
                return;
            }

            if (isFinal || attempt == MostTries)
            {
                Count(target, "failed");
                LogGivenUp(_logger, target.Name, alert.Key, attempt, answer);
                return;
            }

            await Task.Delay(wait ?? pause, stop);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<(bool IsTaken, bool IsFinal, string Answer, TimeSpan? Wait)> TryAsync(IAlertTarget target, Alert alert, CancellationToken stop)
    {
        try
        {
            using var request = target.RequestOf(alert, TimeProvider.System.GetUtcNow());
            using var response = await _http.SendAsync(request, stop);
            var status = response.StatusCode;
            var wait = response.Headers.RetryAfter?.Delta is { } asked ? (asked < s_longestPause ? asked : s_longestPause) : (TimeSpan?)null;
            var isLater = status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
            return (response.IsSuccessStatusCode, !isLater, $"it answered {(int)status}", wait);
        }
        catch (HttpRequestException exception)
        {
            // Its message may hold the address, and with it a secret.
            return (false, false, $"it was not reached: {exception.HttpRequestError}", null);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, false, "it did not answer in time", null);
        }
#pragma warning disable CA1031 // The edge of sending: an address that no request can be made of must not end the silo, and its words may hold a secret.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return (false, true, $"it could not be asked: {exception.GetType().Name}", null);
        }
    }

    private static void Count(IAlertTarget target, string result)
    {
        var tags = new TagList { { "target", target.Name }, { "result", result } };
        s_alerts.Add(1, tags);
    }

    [LoggerMessage(2901, LogLevel.Warning, "Alert {Key} was left out: too many wait for {Target}")]
    private static partial void LogLeftOut(ILogger logger, string target, string key);

    [LoggerMessage(2902, LogLevel.Error, "Alert {Key} was given up after {Tries} tries at {Target}: {Answer}")]
    private static partial void LogGivenUp(ILogger logger, string target, string key, int tries, string answer);
}

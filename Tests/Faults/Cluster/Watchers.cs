using System.Diagnostics;

namespace TradingEngine.Tests.Faults.Cluster;

/// <summary>Asks the API of several silos again and again, as panels do, and keeps how long each was not answered.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _asking;
    private readonly Lock _gate = new();
    private TimeSpan _longest;
    private long _answers;
    private string? _fault;

    /// <param name="silos">Addresses.</param>
    /// <param name="takesTurns">True where one panel goes to whichever silo answers; else each has one of its own.</param>
    public Watchers(IReadOnlyList<Uri> silos, bool takesTurns) =>
        _asking = takesTurns ? [AskAsync(silos)] : [.. silos.Select(silo => AskAsync([silo]))];

    /// <summary>Ends asking: answers, and the longest time between two of one panel.</summary>
    public async Task<(long Answers, TimeSpan Longest, string? Fault)> EndAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_asking);
        return (_answers, _longest, _fault);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _http.Dispose();
        _ending.Dispose();
    }

    private async Task AskAsync(IReadOnlyList<Uri> silos)
    {
        var last = Stopwatch.GetTimestamp();
        for (var silo = 0; !_ending.IsCancellationRequested;)
        {
            var fault = await FaultOfAsync(silos[silo]);
            lock (_gate)
            {
                _longest = TimeSpan.FromTicks(Math.Max(_longest.Ticks, Stopwatch.GetElapsedTime(last).Ticks));
                if (fault is null)
                {
                    _answers++;
                    last = Stopwatch.GetTimestamp();
                }
                else
                {
                    _fault = fault;
                    silo = (silo + 1) % silos.Count;
                }
            }

            await Task.Delay(Every, _ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task<string?> FaultOfAsync(Uri silo)
    {
        try
        {
            foreach (var path in new[] { "/", "/v1/status", "/v1/positions?limit=5" })
            {
                using var answer = await _http.GetAsync(new Uri(silo, path), _ending.Token);
                if (!answer.IsSuccessStatusCode)
                {
                    return $"{silo}{path[1..]} answered {(int)answer.StatusCode}";
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return _ending.IsCancellationRequested ? null : $"{silo}: {exception.Message}";
        }
    }
}

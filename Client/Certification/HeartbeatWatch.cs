using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces;

namespace TradingEngine.Client.Certification;

/// <summary>Looks at an agent's heartbeat all the time.</summary>
internal sealed class HeartbeatWatch : IAsyncDisposable
{
    public const string Rule = "heartbeat";

    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ended = new();
    private readonly HashSet<string> _beats = new(StringComparer.Ordinal);
    private readonly IDatabase _database;
    private readonly string _key;
    private readonly Task _watching;
    private DateTimeOffset _lenientUntil = TimeProvider.System.GetUtcNow() + Oldest;
    private TimeSpan _oldest;
    private string? _fault;

    public HeartbeatWatch(IDatabase database, string agent)
    {
        _database = database;
        _key = BoardKeys.AgentStats + agent;
        _watching = WatchAsync();
    }

    /// <summary>Overlooks that there is none while the agent is restarted, and for ten seconds after.</summary>
    public void Overlook(bool isRestarting) =>
        _lenientUntil = isRestarting ? DateTimeOffset.MaxValue : TimeProvider.System.GetUtcNow() + Oldest;

    /// <summary>True where the agent says so of itself.</summary>
    public async Task<bool> OffersAsync(string field) =>
        string.Equals(await _database.HashGetAsync(_key, field), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Waits until a heartbeat was seen, or the time for one is over.</summary>
    public Task FirstAsync(CancellationToken cancellation) => BeatsAsync(1, cancellation);

    /// <summary>Judges, after a second heartbeat where only one was seen so far.</summary>
    /// <param name="isNeeded">False where an agent need not have any.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RuleResult> JudgeAsync(bool isNeeded, CancellationToken cancellation)
    {
        if (_beats.Count > 0 || isNeeded)
        {
            await BeatsAsync(_beats.Count == 0 ? 1 : 2, cancellation);
        }

        return _beats.Count == 0 && !isNeeded ? RuleResult.NotOffered(Rule, $"no {_key}")
            : _beats.Count == 0 ? RuleResult.Fail(Rule, _fault ?? $"no {_key} with status running and a last_heartbeat")
            : _fault is not null ? RuleResult.Fail(Rule, _fault)
            : _beats.Count == 1 ? RuleResult.Fail(Rule, $"{_key} was written once and not again within {Oldest.TotalSeconds:0} s")
            : RuleResult.Pass(Rule, string.Create(
                CultureInfo.InvariantCulture, $"{_beats.Count} in {_key}, at most {_oldest.TotalSeconds:0.0} s old"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    private async Task BeatsAsync(int count, CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + Oldest + Period;
        while (_beats.Count < count && TimeProvider.System.GetUtcNow() < until)
        {
            await Task.Delay(Period, cancellation);
        }
    }

    private async Task WatchAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                Look(await _database.HashGetAsync(
                    _key, [AgentFields.Status, AgentFields.LastHeartbeat, AgentFields.Timestamp]));
            }
            catch (RedisServerException)
            {
                _fault ??= $"{_key} is no hash";
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                // Redis is away for everybody.
            }

            await Task.Delay(Period, _ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private void Look(RedisValue[] fields)
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = (string?)(fields[1].IsNull ? fields[2] : fields[1]);
        var isRunning = fields[0] == "running";
        if (isRunning && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            var age = TimeSpan.FromSeconds(Math.Clamp(now.ToUnixTimeMilliseconds() / 1000.0 - seconds, -1e9, 1e9));
            if (age < -Oldest)
            {
                _fault ??= string.Create(CultureInfo.InvariantCulture, $"last_heartbeat {text} lies {-age.TotalSeconds:0.0} s ahead");
            }
            else if (age <= Oldest)
            {
                _beats.Add(text!);
                _oldest = age > _oldest ? age : _oldest;
                return;
            }
            else if (now > _lenientUntil)
            {
                _fault ??= string.Create(CultureInfo.InvariantCulture, $"the last heartbeat was {age.TotalSeconds:0.0} s old");
            }
        }
        else if (now > _lenientUntil && _beats.Count > 0)
        {
            _fault ??= $"{_key} has status '{fields[0]}' and last_heartbeat '{text}'";
        }
    }
}

using System.Globalization;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Signals that go on all the time, whatever happens to the engine.</summary>
internal sealed class Load(RedisAgents agents, int rate)
{
    private const int PartsPerSecond = 20;

    private readonly Lock _gate = new();
    private readonly List<string> _sent = [];
    private bool _isOver;
    private Task _sending = Task.CompletedTask;

    /// <summary>Id of the signal that is sent next.</summary>
    public string Next
    {
        get
        {
            lock (_gate)
            {
                return Id(_sent.Count);
            }
        }
    }

    public void Start() => _sending = SendAsync();

    /// <summary>Stops sending; the ids of all that was sent.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        _isOver = true;
        await _sending;
        return _sent;
    }

    private async Task SendAsync()
    {
        while (!Volatile.Read(ref _isOver))
        {
            List<string> ids;
            lock (_gate)
            {
                ids = [.. Enumerable.Range(_sent.Count, Math.Max(1, rate / PartsPerSecond)).Select(Id)];
                _sent.AddRange(ids);
            }

            await agents.SendAsync(ids);
            await Task.Delay(TimeSpan.FromSeconds(1.0 / PartsPerSecond));
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"f-{number}");
}

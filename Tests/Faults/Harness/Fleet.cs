using System.Text.RegularExpressions;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>
/// Silos over one Redis, which are started again when they end by themselves, as a supervisor would. Where they are wired,
/// all that they say to one another and to Redis passes a network that can be broken.
/// </summary>
internal sealed partial class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly List<Place> _places = [];
    private readonly List<Victim> _silos = [];
    private readonly List<int> _ports = [];
    private readonly List<TcpProxy> _proxies = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _supervising = Task.CompletedTask;

    public Fleet(Place place, int count, bool usesStreams, bool isWired)
    {
        for (var i = 0; i < count; i++)
        {
            var own = place.Another();
            _places.Add(own);
            if (!isWired)
            {
                _ports.Add(own.SiloPort);
                _silos.Add(own.SiloOnRedis(usesStreams));
                continue;
            }

            var number = i;
            var toSilo = new TcpProxy(Network, number, own.SiloPort, NodeOf);
            var toRedis = new TcpProxy(Network, Network.Redis, place.RedisPort, _ => number);
            _ports.Add(toSilo.Port);
            _proxies.AddRange([toSilo, toRedis]);
            _silos.Add(own.SiloOnRedis(usesStreams, toSilo.Port, toRedis.Port));
        }
    }

    public Network Network { get; } = new();

    public IReadOnlyList<Victim> Silos => _silos;

    /// <summary>How often a silo ended by itself and was started again.</summary>
    public int Ended { get; private set; }

    public async Task StartAsync()
    {
        foreach (var silo in _silos)
        {
            silo.Start();
            await silo.PrintsAsync("Ready", StartLimit);
        }

        _supervising = SuperviseAsync();
    }

    /// <summary>Waits until all of them say that they are ready.</summary>
    public Task ReadyAsync() => Poll.UntilAsync(
        "silos that are all ready",
        () => Task.FromResult(_silos.All(silo => silo.IsRunning && silo.Count("Ready") > 0)), StartLimit, Tail);

    /// <summary>A client of one of them.</summary>
    public Client.TradingEngineClientOptions ClientOf(int silo) => EmbeddedAgents.Options(_places[silo]);

    /// <summary>The silo with this port for other silos; -1 for none.</summary>
    public int At(int siloPort) => _ports.IndexOf(siloPort);

    /// <summary>Commits that the store refused because somebody else had written, as the silos logged them.</summary>
    public int Refusals() => _places
        .SelectMany(place => Directory.Exists(place.Logs) ? Directory.GetFiles(place.Logs) : [])
        .Sum(file => ReadShared(file).Count(line => Refused().IsMatch(line)));

    /// <summary>Kills a silo; it is started again like one that ended by itself.</summary>
    public Task KillAsync(int silo) => _silos[silo].KillForRestartAsync();

    public string Tail() => string.Join('\n', _silos.Select(silo => silo.Tail()));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _supervising;
        Network.Heal();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            foreach (var silo in _silos.Where(silo => silo.HasEnded))
            {
                silo.Start();
                Ended++;
            }

            await Task.Delay(Glance);
        }
    }

    private int? NodeOf(int port)
    {
        var running = _silos.Where(silo => silo.IsRunning).ToList();
        return SocketOwner.Find(port, running.Select(silo => silo.Id)) is { } process
            ? _silos.FindIndex(silo => silo.IsRunning && silo.Id == process)
            : null;
    }

    private static IEnumerable<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    [GeneratedRegex("was written elsewhere|lost its fence")]
    private static partial Regex Refused();
}

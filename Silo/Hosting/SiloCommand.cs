using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Silo.Hosting;

/// <summary>The command line of the silo.</summary>
internal static class SiloCommand
{
    private static readonly Setting Store = new("store", "embedded", "embedded (SQLite under --data) or redis.");
    private static readonly Setting Redis = new("redis", "", "Redis to use, host:port[,password=…]. Default: 127.0.0.1:6379, else a private one.");
    private static readonly Setting Feed = new("feed", "simulated", "simulated, redis, or replay:<csv[.gz]>.");
    private static readonly Setting Speed = new("speed", "max", "Speed of a replay: times the market's, or max.");
    private static readonly Setting Execution = new("execution", "paper", "paper or redis.");
    private static readonly Setting Transport = new("transport", "lists", "How agents' queues appear in Redis: lists or streams.");
    private static readonly Setting Risk = new("risk", "conservative", "conservative, open (structural checks only, for load tests), or a JSON file.");
    private static readonly Setting Instruments = new("instruments", "", "JSON file of instruments by symbol, beside the built-in ones.");
    private static readonly Setting Holidays = new("holidays", "", "CSV file of holidays: lines of date,class,closed or date,class,HH:mm.");
    private static readonly Setting Http = new("http", "http://127.0.0.1:8080", "Address of health and status, or none.");
    private static readonly Setting Data = new("data", "data", "Directory of everything that is kept.");
    private static readonly Setting Keep = new("keep", "1.01:00:00", "How long the store keeps what is over, [days.]hh:mm:ss; then it moves to files under --data. A repeated signal is known as long.");
    private static readonly Setting Equity = new("equity", "100000", "Starting equity of an account.");
    private static readonly Setting Init = new("init", "auto", "auto: an empty Redis may become a new store; never: it may not.");
    private static readonly Setting Partitions = new("partitions", "1", "Partitions the accounts are spread over; written into a new store and not changed later. This version runs 1.");
    private static readonly Setting Level = new("log-level", "information", "trace, debug, information, warning, error or critical.");
    private static readonly Setting Seed = new("seed", "1", "Seed of the simulated market and of paper execution.");
    private static readonly Setting SiloPort = new("silo-port", "11111", "Port for other silos.");
    private static readonly Setting GatewayPort = new("gateway-port", "30000", "Port for clients.");
    private static readonly Setting SiloListenPort = new("silo-listen-port", "", "Port to listen on for other silos, where something forwards --silo-port to it. Default: --silo-port.");

    private static readonly Setting Plugins = new("plugins", "", "Folder of plug-in assemblies, run with the silo's rights. Default: ./plugins, if there is one.");
    private static readonly Setting Tiers = new("tiers", "", "Further tiers: name=period[,queue=key],jobs=job[+job], more separated by semicolons, such as hourly=01:00:00,jobs=exposure_report.");
    private static readonly Setting CloseAs = new("close-as", "close", "How closes are sent: close, or opposite for agents that know no close.");
    private static readonly Setting PaperLatency = new("paper-latency-ms", "0", "Paper execution: milliseconds from order to fill.");
    private static readonly Setting PaperCommission = new("paper-commission-bps", "1", "Paper execution: commission in basis points of notional.");
    private static readonly Setting PaperSlippage = new("paper-slippage-bps", "0", "Paper execution: adverse slippage in basis points.");
    private static readonly Setting PaperPartials = new("paper-partial-rate", "0", "Paper execution: share of orders filled in two parts, 0 to 1.");
    private static readonly Setting PaperRejects = new("paper-reject-rate", "0", "Paper execution: share of orders rejected, 0 to 1.");

    private const string PositionModes = "TradingEngine:PositionModes";

    private static readonly Setting[] All =
    [
        Store, Redis, Feed, Speed, Execution, Transport, Risk, Instruments, Holidays, Http, Data, Keep, Equity, Init, Partitions, Level, Seed, SiloPort,
        GatewayPort, SiloListenPort,
        Plugins, Tiers, CloseAs, PaperLatency, PaperCommission, PaperSlippage, PaperPartials, PaperRejects,
    ];

    /// <summary>The command; <paramref name="run"/> gets valid settings and returns the exit code.</summary>
    public static RootCommand Create(Func<SiloSettings, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand(
            "Runs a silo of the trading engine. Every option is also an environment variable (TRADING_ENGINE_SILO_PORT) "
            + "and a key of appsettings.json (TradingEngine:SiloPort).");
        var options = All.ToDictionary(setting => setting, setting => new Option<string>("--" + setting.Name)
        {
            Description = $"{setting.Help} [default: {(setting.Default.Length == 0 ? "-" : setting.Default)}]",
            HelpName = "value",
        });
        foreach (var option in options.Values)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
        {
            var file = SettingFile.Read([.. All.Select(setting => setting.Key), PositionModes, SessionFile.Section, TierOneSection.Key]);
            return run(Read(new SettingSource(parsed, options, file)), cancellation);
        });
        return command;
    }

    private static SiloSettings Read(SettingSource source)
    {
        var (feed, replay) = FeedOf(source);
        var settings = new SiloSettings
        {
            Store = Choose(source, Store, ("embedded", StoreKind.Embedded), ("redis", StoreKind.Redis)),
            Redis = RedisOf(source),
            Feed = feed,
            ReplayFile = replay,
            Speed = SpeedOf(source),
            Execution = Choose(source, Execution, ("paper", ExecutionKind.Paper), ("redis", ExecutionKind.Redis)),
            Venue = new PaperVenueOptions
            {
                Latency = TimeSpan.FromMilliseconds(Number(source, PaperLatency, 0, 60_000, "0 to 60000")),
                CommissionBps = Number<decimal>(source, PaperCommission, 0, 1000, "0 to 1000"),
                SlippageBps = Number<decimal>(source, PaperSlippage, 0, 1000, "0 to 1000"),
                PartialFillRate = Number<double>(source, PaperPartials, 0, 1, "0 to 1"),
                RejectRate = Number<double>(source, PaperRejects, 0, 1, "0 to 1"),
            },
            PositionModes = ModesOf(source),
            TierOne = TierOneSection.Read(source.File),
            ClosesAsOpposite = Choose(source, CloseAs, ("close", false), ("opposite", true)),
            UsesStreams = Choose(source, Transport, ("lists", false), ("streams", true)),
            Risk = RiskFile.Read(source.Find(Risk).Value),
            Instruments = InstrumentFile.Read(source.Find(Instruments).Value),
            Sessions = SessionFile.Read(source.Section(SessionFile.Section), source.Find(Holidays).Value),
            Http = HttpOf(source),
            Data = source.Find(Data).Value,
            Retention = KeepOf(source),
            Plugins = PluginsOf(source),
            TierText = source.Find(Tiers),
            Equity = Number<decimal>(source, Equity, 1, 1_000_000_000_000m, "an amount of at least 1"),
            InitializesStore = Choose(source, Init, ("auto", true), ("never", false)),
            Partitions = PartitionsOf(source),
            LogLevel = Choose(source, Level, [.. Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None)
                .Select(level => (level.ToString().ToLowerInvariant(), level))]),
            Seed = Number(source, Seed, 0, int.MaxValue, "a whole number from 0"),
            SiloPort = Number(source, SiloPort, 1, 65535, "a port, 1 to 65535"),
            GatewayPort = Number(source, GatewayPort, 1, 65535, "a port, 1 to 65535"),
            SiloListenPort = Number(
                source, source.Find(SiloListenPort).Value.Length == 0 ? SiloPort : SiloListenPort, 1, 65535, "a port, 1 to 65535"),
        };
        CheckTogether(settings, source);
        return settings;
    }

    private static void CheckTogether(SiloSettings settings, SettingSource source)
    {
        if (settings.Store == StoreKind.Embedded)
        {
            if (settings.Execution == ExecutionKind.Redis)
            {
                throw new SettingsException("--execution is redis, but the store is embedded; add --store redis");
            }

            if (settings.Feed == FeedKind.Redis)
            {
                throw new SettingsException("--feed is redis, but the store is embedded; add --store redis");
            }

            if (settings.Redis is not null)
            {
                throw new SettingsException($"--redis is {settings.Redis}, but the store is embedded; add --store redis");
            }

            if (settings.SiloListenPort != settings.SiloPort)
            {
                throw new SettingsException(
                    $"--silo-listen-port is {settings.SiloListenPort}, but the embedded store has one silo; add --store redis");
            }

            if (settings.UsesStreams)
            {
                throw new SettingsException("--transport is streams, but the store is embedded; add --store redis");
            }
        }

        if (settings.Feed == FeedKind.Replay && (settings.Store == StoreKind.Redis || settings.Execution == ExecutionKind.Redis))
        {
            throw new SettingsException(
                "--feed is a replay, which runs in virtual time; it needs --store embedded and --execution paper");
        }

        if (source.IsGiven(Speed) && settings.Feed != FeedKind.Replay)
        {
            throw new SettingsException("--speed is for a replay; add --feed replay:<csv[.gz]>");
        }

        if (settings.GatewayPort == settings.SiloPort || settings.GatewayPort == settings.SiloListenPort)
        {
            throw new SettingsException(
                $"--gateway-port is {settings.GatewayPort}, as is --silo-{(settings.GatewayPort == settings.SiloPort ? "" : "listen-")}port; "
                + "choose another");
        }
    }

    private static (FeedKind Kind, string? File) FeedOf(SettingSource source)
    {
        var (value, origin) = source.Find(Feed);
        if (value.StartsWith("replay:", StringComparison.Ordinal))
        {
            var file = value["replay:".Length..];
            return File.Exists(file)
                ? (FeedKind.Replay, file)
                : throw new SettingsException($"{origin} is {value}, but there is no file {Path.GetFullPath(file)}");
        }

        return value switch
        {
            "simulated" => (FeedKind.Simulated, null),
            "redis" => (FeedKind.Redis, null),
            _ => throw new SettingsException($"{origin} is {value}; use simulated, redis, or replay:<csv[.gz]>"),
        };
    }

    private static ImmutableDictionary<string, PositionMode> ModesOf(SettingSource source)
    {
        var modes = ImmutableDictionary.CreateBuilder<string, PositionMode>(StringComparer.Ordinal);
        foreach (var (strategy, value) in source.Section(PositionModes))
        {
            modes[strategy.ToLowerInvariant()] =
                Enum.TryParse<PositionMode>(value, ignoreCase: true, out var mode) && Enum.IsDefined(mode)
                    ? mode
                    : throw new SettingsException(
                        $"TradingEngine:PositionModes:{strategy} in appsettings.json is {value}; use hedge, net or reverse");
        }

        return modes.ToImmutable();
    }

    private static string? PluginsOf(SettingSource source)
    {
        const string usual = "plugins";
        var (value, origin) = source.Find(Plugins);
        if (value.Length == 0)
        {
            return Directory.Exists(usual) ? Path.GetFullPath(usual) : null;
        }

        return Directory.Exists(value)
            ? Path.GetFullPath(value)
            : throw new SettingsException($"{origin} is {value}, but there is no folder {Path.GetFullPath(value)}");
    }

    private static string? RedisOf(SettingSource source)
    {
        var (value, origin) = source.Find(Redis);
        if (value.Length == 0)
        {
            return null;
        }

        // The value may hold a password, so it is not repeated.
        return RedisStoreOptions.IsConnectionString(value)
            ? value
            : throw new SettingsException($"{origin} is no address of one Redis; use host:port, such as 127.0.0.1:6379");
    }

    private static TimeSpan KeepOf(SettingSource source)
    {
        var (value, origin) = source.Find(Keep);
        return TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var keep)
            && keep >= TimeSpan.FromSeconds(10) && keep <= TimeSpan.FromDays(366)
            ? keep
            : throw new SettingsException($"{origin} is {value}; use 00:00:10 to 366.00:00:00, such as 1.01:00:00 for 25 hours");
    }

    private static int PartitionsOf(SettingSource source)
    {
        var (value, origin) = source.Find(Partitions);
        var number = Number(source, Partitions, 1, AccountPartitions.Most, $"a whole number, 1 to {AccountPartitions.Most}");
        return number == 1
            ? number
            : throw new SettingsException($"{origin} is {value}, but this version runs one partition; use 1, or leave it out");
    }

    private static double? SpeedOf(SettingSource source)
    {
        var (value, origin) = source.Find(Speed);
        return value == "max" ? null
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
                && speed is > 0 and <= 1_000_000
                ? speed
                : throw new SettingsException($"{origin} is {value}; use max, or a number above 0 such as 60");
    }

    private static Uri? HttpOf(SettingSource source)
    {
        var (value, origin) = source.Find(Http);
        if (value == "none")
        {
            return null;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new SettingsException($"{origin} is {value}; use http://127.0.0.1:<port>, or none");
        }

        return uri.IsLoopback
            ? uri
            : throw new SettingsException($"{origin} is {value}, which others can reach without credentials; use http://127.0.0.1:<port>");
    }

    private static T Choose<T>(SettingSource source, Setting setting, params (string Name, T Value)[] choices)
    {
        var (value, origin) = source.Find(setting);
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Name, value, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        throw new SettingsException($"{origin} is {value}; use {string.Join(" or ", choices.Select(choice => choice.Name))}");
    }

    private static T Number<T>(SettingSource source, Setting setting, T least, T most, string expected)
        where T : System.Numerics.INumber<T>
    {
        var (value, origin) = source.Find(setting);
        return T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new SettingsException($"{origin} is {value}; use {expected}");
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Silo.Alerts;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Silo.Hosting;

/// <summary>The command line of the silo.</summary>
internal static class SiloCommand
{
    private static readonly Setting Store = new("store", "embedded", "embedded (SQLite under --data) or redis.");
    private static readonly Setting Redis = new("redis", "", "Redis to use, host:port[,password=…]. Default: 127.0.0.1:6379, else a private one.");
    private static readonly Setting Feed = new("feed", "simulated", "simulated, redis, http (agents push prices to the API), or replay:<csv[.gz]>.");
    private static readonly Setting Speed = new("speed", "max", "Speed of a replay: times the market's, or max.");
    private static readonly Setting Execution = new("execution", "paper", "paper, redis, or http (an agent takes orders from the API).");
    private static readonly Setting Transport = new("transport", "lists", "How agents' queues appear in Redis: lists or streams.");
    private static readonly Setting Config = new("config", "", "JSON file of what the engine trades by, limits to log level: docs/configuration.md. Other options count over it.") { IsTradedBy = true };
    private static readonly Setting Risk = new("risk", "conservative", "conservative, open (structural checks only, for load tests), or a JSON file.") { IsTradedBy = true };
    private static readonly Setting Instruments = new("instruments", "", "JSON file of instruments by symbol, beside the built-in ones.") { IsTradedBy = true };
    private static readonly Setting Holidays = new("holidays", "", "CSV file of holidays: lines of date,class,closed or date,class,HH:mm.");
    private static readonly Setting Http = new("http", "http://127.0.0.1:8080", "Address of API, panel, health and status, or none. Beyond loopback it takes https, a certificate and keys: docs/security.md.");
    private static readonly Setting HttpCertificate = new("http-certificate", "", "Certificate of an https address: a PEM file with certificate and key, or PFX. Its password comes from TRADING_ENGINE_HTTP_CERTIFICATE_PASSWORD alone.");
    private static readonly Setting HttpHosts = new("http-hosts", "", "Further names under which the API is asked for, with commas; its own address and loopback are known.");
    private static readonly Setting ApiKeysFile = new("api-keys", "", "File of API keys, by their hashes: Client -- keys create. Without it everybody on loopback may do everything.");
    private static readonly Setting CommandKeysFile = new("command-keys", "", "File of keys that sign commands: Client -- keys create --commands. With it, commands on trading_commands are followed only when signed.");
    private static readonly Setting Data = new("data", "data", "Directory of everything that is kept.");
    private static readonly Setting Keep = new("keep", "1.01:00:00", "How long the store keeps what is over, [days.]hh:mm:ss; then it moves to files under --data. A repeated signal is known as long.", "00:00:10 to 366.00:00:00");
    private static readonly Setting Equity = new("equity", "100000", "Starting equity of an account.", "1 to 1000000000000") { IsTradedBy = true };
    private static readonly Setting Init = new("init", "auto", "auto: an empty Redis may become a new store; never: it may not.");
    private static readonly Setting Partitions = new("partitions", "1", "Partitions the accounts are spread over, each with silos of its own: docs/partitions.md. Written into a new store and not changed later.", $"1 to {AccountPartitions.Most}");
    private static readonly Setting Partition = new("partition", "0", "The partition that this silo serves.", "0 to one less than --partitions");
    private static readonly Setting Level = new("log-level", "information", "trace, debug, information, warning, error or critical.") { IsTradedBy = true };
    private static readonly Setting Seed = new("seed", "1", "Seed of the simulated market and of paper execution.", "a whole number from 0");
    private static readonly Setting SiloPort = new("silo-port", "11111", "Port for other silos.", "1 to 65535");
    private static readonly Setting GatewayPort = new("gateway-port", "30000", "Port for clients.", "1 to 65535");
    private static readonly Setting Advertise = new("advertise", "", "Address or name of this machine at which other silos and clients reach the silo. What passes between them is not encrypted and knows no keys: a private network only. Default: 127.0.0.1.");
    private static readonly Setting Listen = new("listen", "", "Address to listen on for silos and clients, or 0.0.0.0 for all. Default: what is advertised.");
    private static readonly Setting Hosting = new("hosting", "none", "none, or kubernetes: named by its pod, and a silo whose pod is gone leaves the cluster at once.");
    private static readonly Setting SiloListenPort = new("silo-listen-port", "", "Port to listen on for other silos, where something forwards --silo-port to it. Default: --silo-port.", "1 to 65535");

    private static readonly Setting Plugins = new("plugins", "", "Folder of plug-in assemblies, run with the silo's rights. Default: ./plugins, if there is one.");
    private static readonly Setting Tiers = new("tiers", "", "Further tiers: name=period[,queue=key],jobs=job[+job], more separated by semicolons, such as hourly=01:00:00,jobs=exposure_report.");
    private static readonly Setting CloseAs = new("close-as", "close", "How closes are sent: close, or opposite for agents that know no close.");
    private static readonly Setting PaperLatency = new("paper-latency-ms", "0", "Paper execution: milliseconds from order to fill.", "0 to 60000");
    private static readonly Setting PaperCommission = new("paper-commission-bps", "1", "Paper execution: commission in basis points of notional.", "0 to 1000");
    private static readonly Setting PaperSlippage = new("paper-slippage-bps", "0", "Paper execution: adverse slippage in basis points.", "0 to 1000");
    private static readonly Setting PaperPartials = new("paper-partial-rate", "0", "Paper execution: share of orders filled in two parts, 0 to 1.");
    private static readonly Setting PaperRejects = new("paper-reject-rate", "0", "Paper execution: share of orders rejected, 0 to 1.");

    private static readonly Setting Dashboard = new("dashboard", "off", "on serves the dashboard of Orleans to admins at /orleans; in a cluster at every silo or at none.");
    private static readonly Setting LogFormat = new("log-format", "text", "Lines of the log file: text, or json for what reads them.");

    private const string PositionModes = "TradingEngine:PositionModes";

    /// <summary>All of them, in the order of the help.</summary>
    internal static readonly Setting[] All =
    [
        Store, Redis, Feed, Speed, Execution, Transport, Config, Risk, Instruments, Holidays, Http, HttpCertificate, HttpHosts, ApiKeysFile, CommandKeysFile, Data, Keep, Equity, Init, Partitions, Partition, Level, Seed, SiloPort,
        GatewayPort, SiloListenPort, Advertise, Listen, Hosting,
        Plugins, Tiers, CloseAs, PaperLatency, PaperCommission, PaperSlippage, PaperPartials, PaperRejects,
        Dashboard, LogFormat, TelemetryOptions.EndpointSetting, TelemetryOptions.SampleSetting, AlertOptions.WebhookSetting, AlertOptions.ChatSetting,
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
            var errors = new List<string>();
            var file = SettingFile.Read([.. All.Select(setting => setting.Key), PositionModes, SessionFile.Section, TierOneSection.Key], errors);
            var source = new SettingSource(parsed, options, file);
            source.Errors.AddRange(WrongOptions(parsed));
            source.Errors.AddRange(errors);
            var settings = Read(source);
            return source.Errors.Count == 0
                ? run(settings, cancellation)
                : throw new SettingsException(string.Join('\n', source.Errors.Distinct()));
        });

        // What is no option is told together with everything else that is wrong.
        command.TreatUnmatchedTokensAsErrors = false;
        return command;
    }

    private static IEnumerable<string> WrongOptions(ParseResult parsed)
    {
        var isFirst = true;
        foreach (var name in parsed.UnmatchedTokens.Select(token => token.Split('=')[0]))
        {
            // What follows an unknown option is its value; alone it is as wrong.
            if (name.StartsWith('-') || isFirst)
            {
                var near = parsed.CommandResult.Command.Options.Select(option => option.Name)
                    .FirstOrDefault(option => name.Length > 3 && option.StartsWith(name[..4], StringComparison.OrdinalIgnoreCase));
                yield return $"{name} is no option{(near is null ? "" : $"; did you mean {near}?")}; --help lists the options";
            }

            isFirst = false;
        }
    }

    private static SiloSettings Read(SettingSource source)
    {
        var (feed, replay) = FeedOf(source);
        var partitions = Number(source, Partitions, 1, AccountPartitions.Most, $"a whole number, 1 to {AccountPartitions.Most}");
        var settings = new SiloSettings
        {
            Store = Choose(source, Store, ("embedded", StoreKind.Embedded), ("redis", StoreKind.Redis)),
            Redis = RedisOf(source),
            Feed = feed,
            ReplayFile = replay,
            Speed = SpeedOf(source),
            Execution = Choose(source, Execution, ("paper", ExecutionKind.Paper), ("redis", ExecutionKind.Redis), ("http", ExecutionKind.Http)),
            Venue = new PaperVenueOptions
            {
                Latency = TimeSpan.FromMilliseconds(Number(source, PaperLatency, 0, 60_000, "0 to 60000")),
                CommissionBps = Number<decimal>(source, PaperCommission, 0, 1000, "0 to 1000"),
                SlippageBps = Number<decimal>(source, PaperSlippage, 0, 1000, "0 to 1000"),
                PartialFillRate = Number<double>(source, PaperPartials, 0, 1, "0 to 1"),
                RejectRate = Number<double>(source, PaperRejects, 0, 1, "0 to 1"),
            },
            PositionModes = ModesOf(source),
            TierOne = TierOneSection.Read(source.File, source.Errors),
            ClosesAsOpposite = Choose(source, CloseAs, ("close", false), ("opposite", true)),
            UsesStreams = Choose(source, Transport, ("lists", false), ("streams", true)),
            Risk = source.Try(Risk, () => RiskFile.Read(source.Find(Risk).Value)),
            Instruments = source.Try(Instruments, () => InstrumentFile.Read(source.Find(Instruments).Value)),
            Sessions = SessionFile.Read(source.Section(SessionFile.Section), source.Find(Holidays).Value, source.Errors),
            Api = ApiSection.Read(source, Http, HttpCertificate, HttpHosts, ApiKeysFile),
            CommandKeys = source.Find(CommandKeysFile).Value.Length == 0
                ? null
                : source.Try<CommandKeys?>(CommandKeysFile, () => KeyFiles.CommandKeysOf(source.Find(CommandKeysFile))),
            Data = source.Find(Data).Value,
            Retention = KeepOf(source),
            Plugins = PluginsOf(source),
            TierText = source.Find(Tiers),
            Equity = Number<decimal>(source, Equity, 1, 1_000_000_000_000m, "an amount of at least 1"),
            InitializesStore = Choose(source, Init, ("auto", true), ("never", false)),
            Partitions = partitions,
            Partition = Number(source, Partition, 0, Math.Max(partitions, 1) - 1, $"a whole number from 0, below --partitions, which is {partitions}")
                .ToString(CultureInfo.InvariantCulture),
            LogLevel = Choose(source, Level, [.. Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None)
                .Select(level => (level.ToString().ToLowerInvariant(), level))]),
            Seed = Number(source, Seed, 0, int.MaxValue, "a whole number from 0"),
            SiloPort = Number(source, SiloPort, 1, 65535, "a port, 1 to 65535"),
            GatewayPort = Number(source, GatewayPort, 1, 65535, "a port, 1 to 65535"),
            SiloListenPort = Number(
                source, source.Find(SiloListenPort).Value.Length == 0 ? SiloPort : SiloListenPort, 1, 65535, "a port, 1 to 65535"),
            Reach = SiloReach.Read(source, Advertise, Listen),
            IsOnKubernetes = KubernetesPod.Read(source, Hosting),
        };
        settings = settings with
        {
            LogsJson = Choose(source, LogFormat, ("text", false), ("json", true)),
            Telemetry = TelemetryOptions.Read(source, Number<double>(source, TelemetryOptions.SampleSetting, 0, 1, "0 to 1"), settings.SiloPort),
            Alerts = AlertOptions.Read(source),
            HasDashboard = Choose(source, Dashboard, ("off", false), ("on", true)),
        };
        settings = settings with { Api = settings.Api is { } api ? api with { HasDashboard = settings.HasDashboard } : null };
        CheckTogether(settings, source);
        return TradedBy(settings, source) with
        {
            Given = [.. All.Where(setting => !setting.IsTradedBy).Select(setting => Shown(setting, source))],
        };
    }

    /// <summary>What the engine is to trade by: the defaults, over them the file, over it options and sections that are given.</summary>
    private static SiloSettings TradedBy(SiloSettings settings, SettingSource source)
    {
        var start = new TradingStart();
        var (path, origin) = source.Find(Config);
        if (path.Length > 0 && source.Try<TradingConfiguration?>(Config, () => ConfigurationFile.Read(path, origin)) is { } file)
        {
            start = start.With(Path.GetFileName(path), _ => file);
        }

        if (source.Errors.Count > 0)
        {
            return settings;
        }

        TradingStart Given(Setting setting, Func<TradingConfiguration, TradingConfiguration> change) => source.IsGiven(setting)
            ? start.With($"{source.Find(setting).Origin} {source.Find(setting).Value}", change)
            : start;
        start = Given(Risk, trading => trading with { Risk = settings.Risk });
        start = Given(Instruments, trading => trading with { Instruments = settings.Instruments });
        start = Given(Equity, trading => trading with { Account = trading.Account with { Equity = settings.Equity } });
        start = Given(Level, trading => trading with { LogLevel = settings.LogLevel.ToString().ToLowerInvariant() });
        start = start.With("appsettings.json", trading => trading with
        {
            PositionModes = trading.PositionModes.SetItems(settings.PositionModes), TierOne = trading.TierOne.SetItems(settings.TierOne),
        });

        // Whoever reads it later goes by narrower ranges than some of those that read options.
        source.Errors.AddRange(ConfigurationReader.Read(ConfigurationWriter.Write(start.Configuration)).Errors);
        return settings with
        {
            Trading = start.Configuration,
            Origins = start.Origins,
            Risk = start.Configuration.Risk,
            Equity = start.Configuration.Account.Equity,
            LogLevel = Enum.Parse<LogLevel>(start.Configuration.LogLevel, ignoreCase: true),
        };
    }

    private static StartSetting Shown(Setting setting, SettingSource source)
    {
        var (value, _) = source.Find(setting);
        var shown = value.Length == 0 ? ""
            : setting.IsSecret ? "(set)"
            : setting == Redis ? string.Join(',', value.Split(',').Where(part => !part.Contains('=', StringComparison.Ordinal)))
            : value;
        return new StartSetting(setting.Name, shown, source.IsGiven(setting) ? source.Find(setting).Origin : "default");
    }

    private static void CheckTogether(SiloSettings settings, SettingSource source)
    {
        void Refuse(bool isWrong, string message, params ReadOnlySpan<Setting> involved)
        {
            if (isWrong && !source.IsWrong(involved))
            {
                source.Errors.Add(message);
            }
        }

        var isEmbedded = settings.Store == StoreKind.Embedded;
        Refuse(
            isEmbedded && settings.Execution == ExecutionKind.Redis,
            "--execution is redis, but the store is embedded; add --store redis", Store, Execution);
        Refuse(isEmbedded && settings.Feed == FeedKind.Redis, "--feed is redis, but the store is embedded; add --store redis", Store, Feed);
        Refuse(
            isEmbedded && settings.Redis is not null,
            $"--redis is {settings.Redis}, but the store is embedded; add --store redis", Store, Redis);
        Refuse(
            isEmbedded && settings.SiloListenPort != settings.SiloPort,
            $"--silo-listen-port is {settings.SiloListenPort}, but the embedded store has one silo; add --store redis",
            Store, SiloPort, SiloListenPort);
        Refuse(
            isEmbedded && (settings.Reach != SiloReach.Local || settings.IsOnKubernetes),
            $"--{(settings.IsOnKubernetes ? "hosting" : "advertise")} is for silos that others join, but the embedded store has one silo; add --store redis",
            Store, Advertise, Listen, Hosting);
        Refuse(
            isEmbedded && settings.Partitions > 1,
            $"--partitions is {settings.Partitions}, but the embedded store has one; add --store redis, or leave it out", Store, Partitions);
        Refuse(
            !isEmbedded && settings.Partitions > 1 && settings.Feed == FeedKind.Simulated,
            $"--feed is simulated, whose prices each partition would make of its own, but --partitions is {settings.Partitions} and prices are common "
            + "to all; use --feed redis or http", Feed, Partitions);
        Refuse(isEmbedded && settings.UsesStreams, "--transport is streams, but the store is embedded; add --store redis", Store, Transport);
        Refuse(
            settings.Execution == ExecutionKind.Http && settings.Api is null,
            "--execution is http, but --http is none, so nobody can take orders; give --http http://127.0.0.1:<port>", Execution, Http);
        Refuse(
            settings.Feed == FeedKind.Http && settings.Api is null,
            "--feed is http, but --http is none, so nobody can push prices; give --http http://127.0.0.1:<port>", Feed, Http);
        Refuse(
            settings.Feed == FeedKind.Replay && (settings.Store == StoreKind.Redis || settings.Execution != ExecutionKind.Paper),
            "--feed is a replay, which runs in virtual time; it needs --store embedded and --execution paper", Feed, Store, Execution);
        Refuse(
            source.IsGiven(Speed) && settings.Feed != FeedKind.Replay, "--speed is for a replay; add --feed replay:<csv[.gz]>", Speed, Feed);
        Refuse(
            settings.GatewayPort == settings.SiloPort || settings.GatewayPort == settings.SiloListenPort,
            $"--gateway-port is {settings.GatewayPort}, as is --silo-{(settings.GatewayPort == settings.SiloPort ? "" : "listen-")}port; "
            + "choose another", GatewayPort, SiloPort, SiloListenPort);
    }

    private static (FeedKind Kind, string? File) FeedOf(SettingSource source)
    {
        var (value, origin) = source.Find(Feed);
        if (value.StartsWith("replay:", StringComparison.Ordinal))
        {
            var file = value["replay:".Length..];
            return File.Exists(file)
                ? (FeedKind.Replay, file)
                : source.Wrong<(FeedKind, string?)>(Feed, $"{origin} is {value}, but there is no file {Path.GetFullPath(file)}");
        }

        return value switch
        {
            "simulated" => (FeedKind.Simulated, null),
            "redis" => (FeedKind.Redis, null),
            "http" => (FeedKind.Http, null),
            _ => source.Wrong<(FeedKind, string?)>(Feed, $"{origin} is {value}; use simulated, redis, http, or replay:<csv[.gz]>"),
        };
    }

    private static ImmutableDictionary<string, PositionMode> ModesOf(SettingSource source)
    {
        var modes = ImmutableDictionary.CreateBuilder<string, PositionMode>(StringComparer.Ordinal);
        foreach (var (strategy, value) in source.Section(PositionModes))
        {
            if (!Enum.TryParse<PositionMode>(value, ignoreCase: true, out var mode) || !Enum.IsDefined(mode))
            {
                source.Errors.Add($"TradingEngine:PositionModes:{strategy} in appsettings.json is {value}; use hedge, net or reverse");
            }

            modes[strategy.ToLowerInvariant()] = mode;
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
            : source.Wrong<string?>(Plugins, $"{origin} is {value}, but there is no folder {Path.GetFullPath(value)}");
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
            : source.Wrong<string?>(Redis, $"{origin} is no address of one Redis; use host:port, such as 127.0.0.1:6379");
    }

    private static TimeSpan KeepOf(SettingSource source)
    {
        var (value, origin) = source.Find(Keep);
        return TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var keep)
            && keep >= TimeSpan.FromSeconds(10) && keep <= TimeSpan.FromDays(366)
            ? keep
            : source.Wrong<TimeSpan>(Keep, $"{origin} is {value}; use 00:00:10 to 366.00:00:00, such as 1.01:00:00 for 25 hours");
    }

    private static double? SpeedOf(SettingSource source)
    {
        var (value, origin) = source.Find(Speed);
        return value == "max" ? null
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
                && speed is > 0 and <= 1_000_000
                ? speed
                : source.Wrong<double?>(Speed, $"{origin} is {value}; use max, or a number above 0 such as 60");
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

        return source.Wrong<T>(setting, $"{origin} is {value}; use {string.Join(" or ", choices.Select(choice => choice.Name))}");
    }

    private static T Number<T>(SettingSource source, Setting setting, T least, T most, string expected)
        where T : System.Numerics.INumber<T>
    {
        var (value, origin) = source.Find(setting);
        return T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : source.Wrong<T>(setting, $"{origin} is {value}; use {expected}");
    }
}

using System.CommandLine;
using System.Globalization;
using TradingEngine.Client.Output;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Client.Commands;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    private const string GatewayVariable = "TRADING_ENGINE_GATEWAY";
    private const string BadGateway =
        $"--gateway (or {GatewayVariable}) must be host:port, such as 127.0.0.1:30000.";

    private const string Csv = "csv";
    private const string Json = "json";
    private const string Table = "table";
    private const decimal MaxTimeoutSeconds = 3600m;
    private const decimal MinTimeoutSeconds = 0.001m;

    // With the start of the process, no answer is said within 5 s.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    private static readonly Option<string> Gateway = new("--gateway", "-g")
    {
        Description = $"Where the engine listens for clients; without it {GatewayVariable} from the environment.",
        HelpName = "host:port",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(GatewayVariable) is { Length: > 0 } text
            ? text
            : GatewayAddress.Local.ToString(),
    };

    private static readonly Option<int?> Partition = CreatePartition();

    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Tables for people, JSON or CSV for scripts: stdout then carries nothing else, errors go to stderr.",
        Recursive = true,
        DefaultValueFactory = _ => Table,
    };

    private static readonly Option<decimal?> Timeout = CreateTimeout();

    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "Keep trying until an engine answers, up to --timeout: for one that is just starting.",
        Recursive = true,
    };

    /// <summary>Adds them to the root, for all commands.</summary>
    public static void AddTo(RootCommand root)
    {
        Output.AcceptOnlyFromAmong(Table, Json, Csv);
        Gateway.Validators.Add(result =>
        {
            if (!GatewayAddress.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError(BadGateway);
            }
        });
        root.Options.Add(Gateway);
        root.Options.Add(Partition);
        root.Options.Add(Output);
        root.Options.Add(Timeout);
        root.Options.Add(Wait);
    }

    /// <summary>What stdout is to carry.</summary>
    public static OutputForm FormOf(ParseResult parsed) => parsed.GetValue(Output) switch
    {
        Json => OutputForm.Json,
        Csv => OutputForm.Csv,
        _ => OutputForm.Table,
    };

    /// <summary>How to connect.</summary>
    public static TradingEngineClientOptions ToClientOptions(ParseResult parsed)
    {
        var timeout = TimeSpan.FromSeconds((double)parsed.GetValue(Timeout)!.Value);
        var waits = parsed.GetValue(Wait);
        return new TradingEngineClientOptions
        {
            Gateway = GatewayAddress.TryParse(parsed.GetValue(Gateway), out var gateway)
                ? gateway
                : throw new UsageException(BadGateway),
            Partition = parsed.GetValue(Partition)!.Value.ToString(CultureInfo.InvariantCulture),
            ResponseTimeout = timeout,
            ConnectTimeout = waits || timeout < ConnectTimeout ? timeout : ConnectTimeout,
            WaitsForEngine = waits,
        };
    }

    private static Option<int?> CreatePartition()
    {
        var option = NumberOption.CreateWhole(
            "--partition", "Partition whose engine is meant, where accounts are spread over several: each has silos of its own.",
            "number", 0, AccountPartitions.Most - 1);
        option.Recursive = true;
        option.DefaultValueFactory = _ => 0;
        return option;
    }

    private static Option<decimal?> CreateTimeout()
    {
        var option = NumberOption.Create(
            "--timeout", "Longest wait for an answer. Connecting takes at most 4 s of it, except with --wait.", "seconds",
            MinTimeoutSeconds, MaxTimeoutSeconds);
        option.Recursive = true;
        option.DefaultValueFactory = _ => (decimal)TradingEngineClientOptions.DefaultResponseTimeout.TotalSeconds;
        return option;
    }
}

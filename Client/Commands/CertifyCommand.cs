using TradingEngine.Grains.Interfaces;
using System.CommandLine;
using System.Security.Cryptography;
using StackExchange.Redis;
using TradingEngine.Client.Certification;
using TradingEngine.Client.Output;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Client.Commands;

/// <summary>Leads an agent of anybody's through the rules of the wire, in the place of an engine.</summary>
internal sealed class CertifyCommand
{
    private const string ConnectionName = "te-certify";
    private const string Executor = "executor", Strategy = "strategy", Streams = "streams";
    private const int DefaultSignals = 10;
    private const decimal DefaultPrice = 60_000m;
    private const decimal DefaultQuantity = 0.01m;
    private const decimal LeastNumber = 0.00000001m;
    private const decimal MostNumber = 1_000_000_000m;

    private readonly Option<string> _redis = RedisOption.Create();

    private readonly Option<string?> _start = new("--start-command")
    {
        Description = "Shell command that runs the agent; it is killed and run again for the restart, and killed at the end.",
        HelpName = "command",
    };

    private readonly Option<string?> _restart = new("--restart-command")
    {
        Description = "Shell command that restarts the agent and ends, or only kills it where --start-command runs it. "
            + "Without either, you are asked to do it.",
        HelpName = "command",
    };

    private readonly Option<string> _transport = new("--transport")
    {
        Description = "How the queues appear, as the silo's --transport: lists or streams.", DefaultValueFactory = _ => "lists",
    };

    private readonly Option<string> _symbol = new("--symbol")
    {
        Description = "Symbol that the agent trades.", DefaultValueFactory = _ => "BTCUSD",
    };

    private readonly Option<decimal?> _price = NumberOption.Create(
        "--price", "Price of the orders, or that the prices shown begin with.", "price", LeastNumber, MostNumber);

    private readonly Option<decimal?> _quantity = NumberOption.Create("--quantity", "Lots of an order.", "lots", LeastNumber, MostNumber);

    private readonly Option<string> _account = new("--account")
    {
        Description = "Account the orders name.", DefaultValueFactory = _ => "default",
    };

    private readonly Option<string> _closeAs = new("--close-as")
    {
        Description = "How closes are sent, as the silo's --close-as: close or opposite.", DefaultValueFactory = _ => "close",
    };

    private readonly Option<int?> _signals = NumberOption.CreateWhole(
        "--signals", "Signals to wait for at first; half as many after each break.", "number", 2, 10_000);

    private readonly Option<string> _agent = new("--agent")
    {
        Description = "Name of the agent in agent_stats:, for its heartbeat.", DefaultValueFactory = _ => AgentNames.Strategy,
    };

    private readonly Option<int?> _patience = NumberOption.CreateWhole(
        "--patience", "Longest wait for an answer of an executor, or for a strategy's signals.", "seconds", 1, 3600);

    private readonly int _defaultPatience;

    private CertifyCommand(int defaultPatience)
    {
        _defaultPatience = defaultPatience;
        _closeAs.AcceptOnlyFromAmong("close", "opposite");
        _transport.AcceptOnlyFromAmong("lists", Streams);
        _price.DefaultValueFactory = _ => DefaultPrice;
        _quantity.DefaultValueFactory = _ => DefaultQuantity;
        _signals.DefaultValueFactory = _ => DefaultSignals;
        _patience.DefaultValueFactory = _ => _defaultPatience;
    }

    /// <summary>The command and what stands under it.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            "certify", "Leads an agent through the rules of the wire, in the place of an engine, and says which it keeps.",
            "certify executor --redis 127.0.0.1:6379 --start-command 'python3 agent.py'",
            "certify strategy --redis 127.0.0.1:6379 --start-command 'python3 agent.py --count 0'");
        command.Subcommands.Add(new CertifyCommand(10).CreateExecutor());
        command.Subcommands.Add(new CertifyCommand(60).CreateStrategy());
        return command;
    }

    private TaughtCommand CreateExecutor()
    {
        var command = new TaughtCommand(
            Executor, "Sends an execution agent orders, twice and over breaks too, cancels and questions; exit code 1 unless all rules are kept.",
            "certify executor --redis 127.0.0.1:6379 --start-command 'python3 agent.py'",
            "certify executor --redis 127.0.0.1:6379 --restart-command 'systemctl restart agent' --symbol EURUSD --price 1.08 --output json");
        AddTo(command, _redis, _transport, _start, _restart, _symbol, _price, _quantity, _account, _closeAs, _patience);
        Session.Run(command, (session, cancellation) => RunAsync(session, Executor, (place, ground, agent) =>
        {
            var parsed = session.Parsed;
            var options = new ExecutorOptions(
                Symbol(parsed), parsed.GetValue(_price)!.Value, parsed.GetValue(_quantity)!.Value, parsed.GetValue(_account)!,
                parsed.GetValue(_closeAs) == "opposite", Patience(parsed));
            return WithAsync(
                new ExecutorCertification(place, ground, agent, options, NewRun(), ConnectionName, Say(session)),
                run => run.RunAsync(cancellation));
        }, cancellation));
        return command;
    }

    private TaughtCommand CreateStrategy()
    {
        var command = new TaughtCommand(
            Strategy, "Shows a strategy agent prices and reads its signals, over breaks too; exit code 1 unless all rules are kept.",
            "certify strategy --redis 127.0.0.1:6379 --start-command 'python3 agent.py --count 0' --signals 20");
        AddTo(command, _redis, _transport, _start, _restart, _symbol, _price, _signals, _agent, _patience);
        Session.Run(command, (session, cancellation) => RunAsync(session, Strategy, (place, ground, agent) =>
        {
            var parsed = session.Parsed;
            var options = new StrategyOptions(
                Symbol(parsed), parsed.GetValue(_price)!.Value, parsed.GetValue(_signals)!.Value, parsed.GetValue(_agent)!, Patience(parsed));
            var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
            return WithAsync(
                new StrategyCertification(place, ground, agent, options, seed, ConnectionName, Say(session)),
                run => run.RunAsync(cancellation));
        }, cancellation));
        return command;
    }

    private async Task<int> RunAsync(
        Session session, string kind, Func<RedisPlace, CertificationGround, AgentProcess, Task<IReadOnlyList<RuleResult>>> certify,
        CancellationToken cancellation)
    {
        var parsed = session.Parsed;
        Symbol(parsed);
        await using var agent = new AgentProcess(parsed.GetValue(_start), parsed.GetValue(_restart), session.Screen);
        if (!agent.IsCommanded && !session.Screen.CanAsk)
        {
            throw new UsageException("The agent must be restarted, and without a terminal nobody can be asked. Give --start-command or --restart-command.");
        }

        await using var place = await RedisOption.ConnectAsync(parsed.GetValue(_redis)!, ConnectionName);
        try
        {
            await using var ground = await CertificationGround.TakeAsync(place, parsed.GetValue(_transport) == Streams);
            return Show(session, kind, place, await certify(place, ground, agent));
        }
        catch (CertificationRefusedException refusal)
        {
            session.Screen.Error(refusal.Message);
            return ExitCodes.NotDone;
        }
        catch (RedisException fault)
        {
            session.Screen.Error($"Not certified: Redis at {place.Address} failed: {fault.Message}");
            return ExitCodes.NotDone;
        }
    }

    private static int Show(Session session, string kind, RedisPlace place, IReadOnlyList<RuleResult> results)
    {
        var isPassed = results.All(result => result.Outcome != RuleOutcome.Fail);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new CertificationDocument(
                    kind, place.Address, place.Database.Database, isPassed,
                    [.. results.Select(result => new RuleDocument(result.Rule, Words.Member(result.Outcome), result.Seen))]),
                DocumentContext.Default.CertificationDocument);
        }
        else
        {
            session.Screen.Show(CertificationPage.Rules(results));
            session.Screen.Line(isPassed ? $"The {kind} keeps the rules." : $"The {kind} does not keep the rules.");
        }

        return isPassed ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static async Task<IReadOnlyList<RuleResult>> WithAsync<T>(T run, Func<T, Task<IReadOnlyList<RuleResult>>> go)
        where T : IAsyncDisposable
    {
        await using (run)
        {
            return await go(run);
        }
    }

    private string Symbol(ParseResult parsed) => parsed.GetValue(_symbol) is { } symbol && SignalReader.IsSymbol(symbol)
        ? symbol
        : throw new UsageException("--symbol must be 1 to 32 of A-Z a-z 0-9 . _ / # + -");

    private TimeSpan Patience(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_patience)!.Value);

    private static Action<string> Say(Session session) => text => session.Screen.Error($"certify: {text}");

    private static string NewRun() => "certify-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private static void AddTo(Command command, params Option[] options)
    {
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }
}

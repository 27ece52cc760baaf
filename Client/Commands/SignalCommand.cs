using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Client.Commands;

/// <summary>Puts a signal on a tier's queue, as an agent would.</summary>
internal sealed class SignalCommand
{
    private const int TierOne = 1;
    private const int TierTwo = 2;
    private const int TierThree = 3;
    private const int IdHexDigits = 16;

    private static readonly string[] Actions =
        ["buy", "sell", "long", "short", "close", "exit", "flat", "hold", "arbitrage", "market_making"];

    private readonly Argument<string?> _action = new("action")
    {
        Description = string.Join(", ", Actions), Arity = ArgumentArity.ZeroOrOne, HelpName = "action",
    };

    private readonly Argument<string?> _symbol = new("symbol")
    {
        Description = "Instrument, such as BTCUSD; its case is kept.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "The whole signal as on the wire, in place of action, symbol and the other options.", HelpName = "object",
    };

    private readonly Option<int?> _tier = NumberOption.CreateWhole(
        "--tier", "Tier that takes it. Without it 1 for arbitrage and market_making, else 2.", "1|2|3", TierOne, TierThree);

    private readonly Option<decimal?> _quantity = Number("--quantity", "Lots; 0.01 if not given.");
    private readonly Option<decimal?> _entryPrice = Number("--entry-price", "Price it expects; without it the last known one.");
    private readonly Option<decimal?> _stopLoss = Number("--stop-loss", "Price at which a loss is cut.");
    private readonly Option<decimal?> _takeProfit = Number("--take-profit", "Price at which a gain is taken.");
    private readonly Option<decimal?> _confidence = Number("--confidence", "0 to 1; 0.5 if not given.");
    private readonly Option<string?> _strategy = new("--strategy") { Description = "Strategy it trades for." };
    private readonly Option<string?> _account = new("--account") { Description = "Account it trades for." };
    private readonly Option<string?> _positionId = new("--position-id") { Description = "Position to close, with close." };
    private readonly Option<string?> _id = new("--id")
    {
        Description = "The signal's id; the same id twice is one signal. Without it a new one.",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var signal = new SignalCommand();
        var command = new TaughtCommand(
            "signal", "Puts a signal on a tier's queue, as a strategy agent would. Done means queued: see orders for what became of it.",
            "signal buy BTCUSD --quantity 0.01 --stop-loss 60000 --take-profit 70000 --strategy trend",
            "signal close BTCUSD --strategy trend",
            "signal arbitrage ETHUSD --quantity 0.1 --entry-price 3000",
            "signal --json '{\"action\":\"sell\",\"symbol\":\"EURUSD\",\"quantity\":0.1,\"stop_loss\":1.12}'");
        signal.AddTo(command);
        Session.Run(command, signal.RunAsync);
        return command;
    }

    private void AddTo(TaughtCommand command)
    {
        command.Arguments.Add(_action);
        command.Arguments.Add(_symbol);
        foreach (var option in new Option[]
        {
            _quantity, _entryPrice, _stopLoss, _takeProfit, _strategy, _account, _confidence, _positionId, _id, _tier, _json,
        })
        {
            command.Options.Add(option);
        }

        _action.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } action && !Actions.Contains(action, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"'{action}' is no action. Known are {string.Join(", ", Actions)}.");
            }
        });
        command.Validators.Add(result =>
        {
            var isJson = result.GetResult(_json) is not null;
            var words = new Argument[] { _action, _symbol }.Count(word => result.GetResult(word) is { Tokens.Count: > 0 });
            if (words != (isJson ? 0 : 2))
            {
                result.AddError("signal takes an action and a symbol, or --json with the whole signal.");
            }
        });
    }

    private async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var parsed = session.Parsed;
        var json = parsed.GetValue(_json) ?? Compose(parsed);
        var (tier, id) = Check(json, parsed.GetValue(_tier));
        await using var client = await session.ConnectAsync(cancellationToken);
        await client.SubmitSignalAsync(tier, json, cancellationToken);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(new SignalDocument("queued", tier, id), DocumentContext.Default.SignalDocument);
        }
        else
        {
            session.Screen.Line($"signal: {id ?? "(the engine names it)"} is queued for tier {tier}");
        }

        return ExitCodes.Done;
    }

    private string Compose(ParseResult parsed)
    {
        var id = parsed.GetValue(_id) ?? $"cli-{RandomNumberGenerator.GetHexString(IdHexDigits, lowercase: true)}";
        var message = new JsonObject
        {
            ["action"] = parsed.GetValue(_action)!.ToLowerInvariant(), ["symbol"] = parsed.GetValue(_symbol), ["signal_id"] = id,
        };
        Put("quantity", parsed.GetValue(_quantity));
        Put("entry_price", parsed.GetValue(_entryPrice));
        Put("stop_loss", parsed.GetValue(_stopLoss));
        Put("take_profit", parsed.GetValue(_takeProfit));
        Put("confidence", parsed.GetValue(_confidence));
        Put("strategy", parsed.GetValue(_strategy));
        Put("account", parsed.GetValue(_account));
        Put("position_id", parsed.GetValue(_positionId));
        return message.ToJsonString();

        void Put<T>(string name, T value)
        {
            if (value is not null)
            {
                message[name] = JsonValue.Create(value);
            }
        }
    }

    // What the engine would put with the dead letters is said here, while somebody looks.
    private static (int Tier, string? Id) Check(string json, int? tier)
    {
        var payload = Encoding.UTF8.GetBytes(json);
        using var message = WireObject.Parse(payload, out var error)
            ?? throw new UsageException($"The signal is not what the wire takes: {error!.Detail}");
        try
        {
            var taken = tier ?? TierOf(message.Text("action", "message_type"));
            if (taken < TierThree)
            {
                _ = SignalReader.Read(payload, taken, "new", TimeProvider.System.GetUtcNow(), out error)
                    ?? throw new UsageException($"The signal is not what tier {taken} takes: {error!.Detail}");
            }

            return (taken, message.Text("signal_id", "message_id", "id"));
        }
        catch (WireFieldException exception)
        {
            throw new UsageException($"The signal is not what the wire takes: {exception.Message}");
        }
    }

    private static int TierOf(string? action) => action?.ToLowerInvariant() switch
    {
        "arbitrage" or "market_making" or "market_maker" => TierOne,
        "market_anomaly" or "regime_change" => TierThree,
        { } text when text.StartsWith("hft_", StringComparison.Ordinal) => TierOne,
        _ => TierTwo,
    };

    private static Option<decimal?> Number(string name, string description) =>
        NumberOption.Create(name, description, "number", 0m, decimal.MaxValue);
}

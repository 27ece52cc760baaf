using System.CommandLine;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Commands;

/// <summary>Halts the entries of one symbol, strategy, tier or account, and lifts such a halt.</summary>
internal static class HaltCommand
{
    private const string Source = "client";
    private const int MaxTier = 2;

    /// <summary>Halts.</summary>
    public static Command Halt()
    {
        var reason = new Option<string>("--reason") { Description = "Why, for those who come after.", HelpName = "text", Required = true };
        var duration = new Option<TimeSpan?>("--for")
        {
            Description = "How long, as hours:minutes:seconds; without it until unhalt.", HelpName = "00:30:00",
        };
        var command = new TaughtCommand(
            EngineCommands.Halt, "Takes no entries of one symbol, strategy, tier or account; its exits are managed.",
            "halt --symbol EURUSD --reason news --for 00:30:00",
            "halt --strategy trend --side buy --reason \"too many losses\"", "halt --tier 1 --reason drill",
            "halt --account default --strategy trend --reason \"looks wrong\"");
        var scope = ScopeOptions.AddTo(command);
        command.Options.Add(reason);
        command.Options.Add(duration);
        duration.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<TimeSpan?>() is { } time && time <= TimeSpan.Zero)
            {
                result.AddError("--for must be longer than nothing, such as 00:30:00.");
            }
        });
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            return session.Answer(EngineCommands.Halt, await client.CommandAsync(
                new EngineCommand(EngineCommands.Halt, Source)
                {
                    Reason = session.Parsed.GetValue(reason),
                    Scope = scope.Read(session.Parsed),
                    Duration = session.Parsed.GetValue(duration),
                },
                cancellation));
        });
        return command;
    }

    /// <summary>Lifts.</summary>
    public static Command Unhalt()
    {
        var command = new TaughtCommand(
            EngineCommands.Unhalt, "Lifts a halt that was set by hand; those of the engine itself end with their cause.",
            "unhalt --symbol EURUSD", "unhalt --strategy trend --side buy");
        var scope = ScopeOptions.AddTo(command);
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            return session.Answer(EngineCommands.Unhalt, await client.CommandAsync(
                new EngineCommand(EngineCommands.Unhalt, Source) { Scope = scope.Read(session.Parsed) }, cancellation));
        });
        return command;
    }

    /// <summary>The options that name what is meant: exactly one of symbol, strategy and tier.</summary>
    private sealed class ScopeOptions
    {
        private readonly Option<string> _symbol = new("--symbol") { Description = "The symbol.", HelpName = "symbol" };
        private readonly Option<string> _strategy = new("--strategy") { Description = "The strategy.", HelpName = "name" };
        private readonly Option<string> _account = new("--account") { Description = "The account; with --strategy that strategy in it alone.", HelpName = "account" };
        private readonly Option<int?> _tier = new("--tier") { Description = "The tier, 1 or 2.", HelpName = "number" };
        private readonly Option<string> _side = new("--side") { Description = "Entries to this side alone." };

        public static ScopeOptions AddTo(Command command)
        {
            var options = new ScopeOptions();
            options._side.AcceptOnlyFromAmong("buy", "sell");
            command.Options.Add(options._symbol);
            command.Options.Add(options._strategy);
            command.Options.Add(options._account);
            command.Options.Add(options._tier);
            command.Options.Add(options._side);
            command.Validators.Add(result =>
            {
                Option[] scopes = [options._symbol, options._strategy, options._tier, options._account];
                var given = scopes.Count(option => result.GetResult(option) is not null);
                var isAccount = result.GetResult(options._account) is not null;
                if (given != (isAccount && result.GetResult(options._strategy) is not null ? 2 : 1))
                {
                    result.AddError($"{command.Name} takes exactly one of --symbol, --strategy, --tier and --account, or --account with --strategy.");
                }
                else if (isAccount && result.GetResult(options._side) is not null)
                {
                    result.AddError("--side goes with --symbol, --strategy or --tier.");
                }
                else if (result.GetValue(options._tier) is { } tier && (tier < 1 || tier > MaxTier))
                {
                    result.AddError("--tier must be 1 or 2: the others send no orders.");
                }
            });
            return options;
        }

        public string Read(ParseResult parsed)
        {
            Side? side = parsed.GetValue(_side) switch { "buy" => Side.Buy, "sell" => Side.Sell, _ => null };
            return parsed.GetValue(_symbol) is { } symbol ? HaltScopes.Symbol(symbol, side)
                : parsed.GetValue(_account) is { } account ? HaltScopes.Account(account, parsed.GetValue(_strategy))
                : parsed.GetValue(_strategy) is { } strategy ? HaltScopes.Strategy(strategy, side)
                : HaltScopes.Tier(parsed.GetValue(_tier)!.Value, side);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Api.Endpoints;

/// <summary>Names of what can be halted, held to the rules of the wire: a scope that nothing can be in would halt nothing.</summary>
internal static class Scopes
{
    private const string Forms = "use symbol/<symbol>, strategy/<strategy>, tier/1, tier/2, account/<account> or account/<account>/<strategy>; "
        + "symbol, strategy and tier with -buy or -sell before the slash for one side";

    /// <summary>The scope as the engine names it.</summary>
    public static string Read(string scope)
    {
        var slash = scope.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            throw new RequestException($"scope is {scope}; {Forms}");
        }

        var (kind, side) = scope[..slash].Split('-') switch
        {
            [var alone] => (alone, null),
            [var first, "buy" or "sell"] when first != "account" => (first, scope[..slash].Split('-')[1]),
            _ => ("", null),
        };
        var command = new JsonObject { ["action"] = EngineCommands.Halt };
        var name = scope[(slash + 1)..];
        if (kind == "account" && name.Split('/', 2) is [var account, var strategy])
        {
            command["account"] = account;
            command["strategy"] = strategy;
        }
        else if (kind is "symbol" or "strategy" or "tier" or "account")
        {
            command[kind] = name;
        }
        else
        {
            throw new RequestException($"scope is {scope}; {Forms}");
        }

        if (side is not null)
        {
            command["side"] = side;
        }

        return CommandReader.Read(JsonSerializer.SerializeToUtf8Bytes(command), out var error)?.Scope
            ?? throw new RequestException($"scope is {scope}: {error?.Detail ?? "it names nothing"}; {Forms}");
    }
}

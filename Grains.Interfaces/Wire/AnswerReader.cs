using System.Collections.Immutable;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads what agents answer to requests of tiers 3 and 4.</summary>
public static class AnswerReader
{
    private const int LongestText = 300;
    private const int MostItems = 256;

    /// <summary>Reads an answer; null when a part of it cannot be understood.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="error">Why it was not taken; null when it was.</param>
    public static AgentAnswer? Read(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            return new AgentAnswer(WireText.Name(
                message.Text("request_id") ?? throw new WireFieldException("request_id", "absent", "given"), "request_id", WireText.LongestId))
            {
                Agent = NameOf(message, "agent"),
                Regime = NameOf(message, "regime"),
                Confidence = message.Share("confidence"),
                Severity = NameOf(message, "severity"),
                Message = message.Text("message") is { } text ? WireText.Shown(text, LongestText) : null,
                Volatilities = VolatilitiesOf(message),
                Weights = WeightsOf(message),
            };
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static string? NameOf(WireObject message, string field) =>
        message.Text(field) is { } text ? WireText.Name(text, field) : null;

    private static ImmutableSortedDictionary<string, decimal> VolatilitiesOf(WireObject message)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (var market in Bounded(message.Objects("symbols"), "symbols"))
        {
            var symbol = WireText.Symbol(market.Text("symbol")) ?? throw new WireFieldException("symbol", "absent", "given");
            if (market.Positive("volatility") is { } volatility)
            {
                found[symbol] = volatility;
            }
        }

        return found.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, decimal> WeightsOf(WireObject message)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        if (message.Object("weights") is { } weights)
        {
            foreach (var name in Bounded([.. weights.Names], "weights"))
            {
                found[WireText.Name(name, "weights").ToLowerInvariant()] = weights.Amount(0m, name)
                    ?? throw new WireFieldException(name, "null", "a number");
            }
        }

        return found.ToImmutable();
    }

    private static IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> items, string field) => items.Count <= MostItems
        ? items
        : throw new WireFieldException(field, $"{items.Count} items", $"at most {MostItems}");
}

using System.Collections.Immutable;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Configuration;

/// <summary>Whether a running engine may go from one valid configuration to another. Pure.</summary>
public static class ConfigurationChecks
{
    // An absent limit trips its breaker, which stays tripped until an operator lifts it; one of them kills.
    private static readonly string[] OfBreakers = [nameof(RiskLimits.MaxDailyLoss), nameof(RiskLimits.MaxDrawdown), nameof(RiskLimits.KillDrawdown)];

    /// <summary>Everything that speaks against the change, with what to do instead; empty where nothing does.</summary>
    /// <param name="before">What stands.</param>
    /// <param name="after">What is to stand.</param>
    /// <param name="accounts">Accounts that have traded.</param>
    /// <param name="symbols">Symbols with positions that are not over.</param>
    public static ImmutableArray<string> Of(
        TradingConfiguration before, TradingConfiguration after, IEnumerable<string> accounts, IEnumerable<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(symbols);
        return [.. Currencies(before, after, accounts), .. Contracts(before, after, symbols), .. Limits(before, after)];
    }

    private static IEnumerable<string> Currencies(TradingConfiguration before, TradingConfiguration after, IEnumerable<string> accounts) =>
        from account in accounts.Order(StringComparer.Ordinal)
        let was = before.TermsOf(account).Currency
        let becomes = after.TermsOf(account).Currency
        where was != becomes
        select $"{(after.Accounts.ContainsKey(account) ? $"accounts.{account}" : "account")}.currency is {becomes}; "
            + $"account {account} has traded in {was} and keeps it";

    private static IEnumerable<string> Contracts(TradingConfiguration before, TradingConfiguration after, IEnumerable<string> symbols)
    {
        foreach (var symbol in symbols.Order(StringComparer.Ordinal))
        {
            if (before.Instruments.Find(symbol) is not { } was)
            {
                continue;
            }

            if (after.Instruments.Find(symbol) is not { } becomes)
            {
                yield return $"instruments.{symbol} is missing; positions in {symbol} are open: leave it until they are closed";
                continue;
            }

            foreach (var field in InstrumentFields.OfContract.Where(field => field.Get(was) != field.Get(becomes)))
            {
                yield return $"instruments.{symbol}.{field.Name} differs from {Text(field.Get(was))}; positions in {symbol} are open: "
                    + "leave it until they are closed";
            }
        }
    }

    private static IEnumerable<string> Limits(TradingConfiguration before, TradingConfiguration after)
    {
        var (was, becomes) = (before.Risk.General, after.Risk.General);
        foreach (var field in OfBreakers.Select(name => LimitFields.Find(name)!))
        {
            if (!becomes.IsStructuralOnly && field.Get(becomes) is null && (was.IsStructuralOnly || field.Get(was) is not null))
            {
                yield return $"risk.{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]} is missing; its breaker would trip in every account at once: "
                    + "use a number, or \"basedOn\": \"conservative\"";
            }
        }
    }

    private static string Text(ConfigurationValue value) =>
        value.Text ?? value.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Risk;

/// <summary>Values that an account, a strategy or a symbol has instead of the general ones, by the limit's name.</summary>
public sealed record LimitScope
{
    /// <summary>No value.</summary>
    public static LimitScope None { get; } = new();

    /// <summary>Values by limit; null takes the limit away, which refuses.</summary>
    public ImmutableDictionary<string, decimal?> Values { get; init; } = ImmutableDictionary<string, decimal?>.Empty;
}

/// <summary>
/// Limits for everything that trades: general ones, and those of accounts, strategies and symbols. A value of a scope takes
/// the place of the general one; where several scopes that apply set the same limit, the strictest holds, so that no scope
/// widens what another one narrowed. Immutable but for what it remembers; thread-safe.
/// </summary>
public sealed class RiskProfile
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<(string Account, string Strategy, string Symbol), RiskLimits> _found = new();

    /// <summary>A profile of these limits.</summary>
    public RiskProfile(RiskLimits general)
    {
        ArgumentNullException.ThrowIfNull(general);
        General = general;
    }

    /// <summary>What holds where no scope says otherwise.</summary>
    public RiskLimits General { get; }

    /// <summary>By account.</summary>
    public ImmutableDictionary<string, LimitScope> Accounts { get; init; } = ImmutableDictionary<string, LimitScope>.Empty;

    /// <summary>By strategy, in lower case as signals are read.</summary>
    public ImmutableDictionary<string, LimitScope> Strategies { get; init; } = ImmutableDictionary<string, LimitScope>.Empty;

    /// <summary>By symbol, as it is written in signals.</summary>
    public ImmutableDictionary<string, LimitScope> Symbols { get; init; } = ImmutableDictionary<string, LimitScope>.Empty;

    /// <summary>Group by symbol.</summary>
    public ImmutableDictionary<string, string> Groups { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Name shown.</summary>
    public string Name => General.Name;

    /// <summary>Twelve hexadecimal digits that differ where any limit does.</summary>
    public string Hash => field ??= HashOf(this);

    /// <summary>What an entry that passed carries: the checks made, and under which limits.</summary>
    public string EntryStamp => field ??=
        $"entry {RiskChecks.Text(RiskChecks.Of(OrderClass.Entry, General.IsStructuralOnly))} {Name}/{Hash}";

    /// <summary>The limits of an account's strategy in a symbol.</summary>
    public RiskLimits For(string account, string strategy, string symbol)
    {
        if (Accounts.IsEmpty && Strategies.IsEmpty && Symbols.IsEmpty && General.MinConfidences.IsEmpty)
        {
            return General;
        }

        var key = (account, strategy, symbol);
        if (_found.TryGetValue(key, out var known))
        {
            return known;
        }

        var limits = Resolve(account, strategy, symbol);
        if (_found.Count < MostRemembered)
        {
            _found.TryAdd(key, limits);
        }

        return limits;
    }

    /// <summary>
    /// The group of a symbol: the one it was put in, else, of a crypto currency, all pairs of that currency; null for none.
    /// </summary>
    public string? GroupOf(string symbol, Instrument? instrument) =>
        Groups.TryGetValue(symbol, out var group) ? group
        : instrument is { AssetClass: AssetClass.Crypto } ? instrument.BaseCurrency
        : null;

    private RiskLimits Resolve(string account, string strategy, string symbol)
    {
        LimitScope[] scopes =
        [
            Accounts.GetValueOrDefault(account, LimitScope.None), Strategies.GetValueOrDefault(strategy, LimitScope.None),
            Symbols.GetValueOrDefault(symbol, LimitScope.None),
        ];
        var limits = General.MinConfidences.TryGetValue(strategy, out var confidence)
            ? General with { MinConfidence = confidence }
            : General;
        foreach (var field in LimitFields.All)
        {
            decimal? value = null;
            var isSet = false;
            foreach (var scope in scopes)
            {
                if (scope.Values.TryGetValue(field.Name, out var own))
                {
                    value = isSet ? field.Stricter(value, own) : own;
                    isSet = true;
                }
            }

            limits = isSet ? field.Set(limits, value) : limits;
        }

        return limits;
    }

    private static string HashOf(RiskProfile profile)
    {
        var text = new StringBuilder();
        text.Append(profile.General.Name).Append(profile.General.IsStructuralOnly);
        foreach (var field in LimitFields.All)
        {
            Append(text, field.Name, field.Get(profile.General));
        }

        foreach (var (strategy, confidence) in profile.General.MinConfidences.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(text, strategy, confidence);
        }

        Append(text, 'a', profile.Accounts);
        Append(text, 's', profile.Strategies);
        Append(text, 'i', profile.Symbols);
        foreach (var (symbol, group) in profile.Groups.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{symbol}@{group};");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }

    private static void Append(StringBuilder text, char kind, ImmutableDictionary<string, LimitScope> scopes)
    {
        foreach (var (name, scope) in scopes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(kind).Append(name).Append(':');
            foreach (var (field, value) in scope.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Append(text, field, value);
            }
        }
    }

    private static void Append(StringBuilder text, string name, decimal? value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}={value / 1.0000000000000000000000000000m};");
}

using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Engine;

/// <summary>
/// Halts as they stand in the store, where the commit checks them. Several parties may halt one scope: each sets and lifts its
/// own, and the scope is free when the last is gone.
/// </summary>
internal static class HaltRegister
{
    /// <summary>Begins the name of an automatic breaker as a party; the code of the refusal follows.</summary>
    public const string BreakerPrefix = "breaker/";

    /// <summary>Sets a halt in place of an earlier one by the same party; false where the very same stands.</summary>
    public static Task<bool> SetAsync(IPartitionStore partition, string scope, Halt halt) =>
        ChangeAsync(partition, scope, halts => HaltList.With(halts, halt));

    /// <summary>Lifts the halt of a party; false when there was none.</summary>
    public static Task<bool> LiftAsync(IPartitionStore partition, string scope, string by) =>
        ChangeAsync(partition, scope, halts => HaltList.Without(halts, by));

    /// <summary>Lifts what an operator may lift, his own halt and those of breakers; false when there was none.</summary>
    public static Task<bool> LiftByHandAsync(IPartitionStore partition, string scope, string by) => ChangeAsync(
        partition, scope, halts => halts.RemoveAll(
            halt => halt.By == by || halt.By.StartsWith(BreakerPrefix, StringComparison.Ordinal)));

    /// <summary>Lifts the halts whose time has come.</summary>
    public static async Task LiftEndedAsync(IPartitionStore partition, ControlState control, DateTimeOffset now)
    {
        foreach (var (scope, halts) in Of(control))
        {
            if (halts.Any(halt => halt.Until <= now))
            {
                await ChangeAsync(partition, scope, standing => HaltList.WithoutEnded(standing, now));
            }
        }
    }

    /// <summary>All halts by scope.</summary>
    public static IEnumerable<(string Scope, ImmutableArray<Halt> Halts)> Of(ControlState control) =>
        control.Halts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, DomainJson.ReadHalts(pair.Value)));

    private static async Task<bool> ChangeAsync(
        IPartitionStore partition, string scope, Func<ImmutableArray<Halt>, ImmutableArray<Halt>> change)
    {
        while (true)
        {
            var text = (await partition.ReadControlAsync()).Halts.GetValueOrDefault(scope);
            var before = text is null ? [] : DomainJson.ReadHalts(text);
            var after = change(before);
            if (after.SequenceEqual(before))
            {
                return false;
            }

            if (await partition.ReplaceHaltAsync(scope, text, after.IsEmpty ? null : DomainJson.Write(after)))
            {
                return true;
            }
        }
    }
}

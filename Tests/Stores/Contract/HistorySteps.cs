using CsCheck;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Tests.Stores.Contract;

internal enum StepKind
{
    Commits,
    Mode,
    StaleMode,
    Halt,
    Lift,
    Fence,
}

/// <summary>One step of a random history. Commits are planned from the model, so that most of them can succeed.</summary>
internal sealed record HistoryStep(
    StepKind Kind, string Name = "", int Number = 0, Func<StoreModel, ModelCommit>[]? Plans = null)
{
    public Func<StoreModel, ModelCommit>[] Commits => Plans ?? [];

    public override string ToString() => $"{Kind} {Name} {Number} x{Commits.Length}";
}

/// <summary>Generators of random histories over few names, so that steps meet each other.</summary>
internal static class HistorySteps
{
    private static readonly Gen<string> Names = Gen.OneOf("a", "b", "c");
    private static readonly Gen<string> Texts = Gen.OneOf("", "x", "some text", "ünïcode", "{\"json\":1}");
    private static readonly Gen<int> Modes = Gen.Int[0, 3];

    private static readonly Gen<(string Key, int Stale, string Data)[]> Records =
        Gen.Select(Names, Gen.Frequency((9, Gen.Const(0)), (1, Gen.Int[-1, 2])), Texts)
            .Array[0, 3];

    private static readonly Gen<(string, string, string?)[]> Index =
        Gen.Select(Names, Names, Gen.Frequency((3, Texts.Select(text => (string?)text)), (1, Gen.Const((string?)null))))
            .Array[0, 4];

    private static readonly Gen<(string, string, long)[]> Counters =
        Gen.Select(Names, Names, Gen.Long[-1_000_000_000_000, 1_000_000_000_000]).Array[0, 4];

    private static readonly Gen<(string, string, int)[]> Pushes =
        Gen.Select(Names, Texts, Gen.Int[1, 4]).Array[0, 2];

    private static readonly Gen<string[]> Appends = Texts.Array[0, 3];

    private static readonly Gen<int[]> Acks = Gen.Int[0, 12].Array[0, 4];

    private static readonly Gen<(int Modes, string[] Halts, string? FenceGroup, long Behind)> Guards =
        Gen.Select(
            Gen.Frequency((3, Gen.Const(~0)), (1, Gen.Int[1, 15])),
            Gen.Frequency((3, Gen.Const(Array.Empty<string>())), (1, Names.Array[1, 2])),
            Gen.Frequency((2, Gen.Const((string?)null)), (1, Names.Select(name => (string?)name))),
            Gen.Frequency((4, Gen.Const(0L)), (1, Gen.Const(1L))));

    private static readonly Gen<Func<StoreModel, ModelCommit>> Plan =
        Gen.Select(Guards, Records, Index, Counters, Pushes, Gen.Select(Appends, Acks)).Select(
            (guards, records, index, counters, pushes, queues) =>
                new Func<StoreModel, ModelCommit>(model => new ModelCommit
                {
                    AllowedModes = guards.Modes,
                    Halts = guards.Halts,
                    Fence = FenceOf(model, guards.FenceGroup, guards.Behind),
                    Records = [.. records.DistinctBy(record => record.Key).Select(record => (
                        record.Key,
                        Math.Max(0, model.Records.GetValueOrDefault(record.Key).Version + record.Stale),
                        record.Data))],
                    Index = index,
                    Counters = counters,
                    Pushes = pushes,
                    Appends = queues.Item1,
                    Acks = queues.Item2,
                }));

    private static readonly Gen<HistoryStep> Step = Gen.Frequency(
        (12, Plan.Array[1, 4].Select(plans => new HistoryStep(StepKind.Commits, Plans: plans))),
        (2, Modes.Select(mode => new HistoryStep(StepKind.Mode, Number: mode))),
        (1, Modes.Select(mode => new HistoryStep(StepKind.StaleMode, Number: mode))),
        (1, Names.Select(name => new HistoryStep(StepKind.Halt, name))),
        (2, Names.Select(name => new HistoryStep(StepKind.Lift, name))),
        (2, Names.Select(name => new HistoryStep(StepKind.Fence, name))));

    public static Gen<HistoryStep[]> All { get; } = Step.Array[1, 25];

    // A group nobody fenced has no token to be behind of, so such a commit goes without a fence.
    private static Fence? FenceOf(StoreModel model, string? group, long behind) =>
        group is not null && model.Fences.TryGetValue(group, out var token) ? new Fence(group, token - behind) : null;
}

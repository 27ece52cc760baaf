using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Grains.Engine;

/// <summary>Shows the dead-letter queue, puts letters back and throws them away. It keeps nothing itself.</summary>
[GrainType("dead-letters")]
public sealed class DeadLetterGrain(ITradingStore store, IOptions<EngineOptions> options) : Grain, IDeadLetterGrain
{
    private readonly IPartitionStore _partition = store.Partition(options.Value.Partition);

    /// <inheritdoc/>
    public async Task<DeadLetterPage> ListAsync(int count)
    {
        var lines = await ReadAsync();
        var counters = (await _partition.ReadCountersAsync(DeadLetters.CounterGroup))?.Fields ?? new Dictionary<string, long>();
        return new DeadLetterPage(
            [.. lines.Select(DeadLetterJson.Read).OfType<DeadLetter>().Take(count).Select(letter => letter with { Payload = default })],
            lines.Count, counters.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public async Task<DeadLetter?> GetAsync(string id) =>
        (await ReadAsync()).Select(DeadLetterJson.Read).FirstOrDefault(letter => letter?.Id == id);

    /// <inheritdoc/>
    public async Task<CommandResult> RequeueAsync(string id)
    {
        var isAll = id == "*";
        int moved = 0, left = 0;
        var why = "";
        foreach (var line in (await ReadAsync()).Reverse())
        {
            if (DeadLetterJson.Read(line) is not { } letter || (!isAll && letter.Id != id))
            {
                continue;
            }

            var refusal = RefusalOf(letter) ?? await MoveAsync(letter, line);
            moved += refusal is null ? 1 : 0;
            left += refusal is null ? 0 : 1;
            why = refusal ?? why;
        }

        return (isAll, moved, left) switch
        {
            (false, 0, 0) => new CommandResult("rejected", $"there is no dead letter {id}"),
            (false, 0, _) => new CommandResult("rejected", why),
            (false, _, _) => new CommandResult("completed", $"dead letter {id} is on its queue again"),
            (true, _, 0) => new CommandResult("completed", $"{moved} dead letters are on their queues again"),
            (true, _, _) => new CommandResult("completed", $"{moved} dead letters are on their queues again, {left} are not: {why}"),
        };
    }

    /// <inheritdoc/>
    public async Task<CommandResult> PurgeAsync()
    {
        var count = (await ReadAsync()).Count;
        await store.Board.SetListAsync(BoardKeys.DeadLetters, []);
        return new CommandResult("completed", $"{count} dead letters are gone");
    }

    private static string? RefusalOf(DeadLetter letter) => letter switch
    {
        { Queue: StreamNames.Market or StreamNames.Warnings or StreamNames.Alerts } =>
            $"dead letter {letter.Id} is of {letter.Queue}, which holds nothing: what it said is of the past",
        _ when letter.Payload.Length != letter.Size =>
            $"dead letter {letter.Id} had {letter.Size} bytes, of which the first {letter.Payload.Length} were kept",
        _ => null,
    };

    /// <summary>Null when it was moved; else why not.</summary>
    private async Task<string?> MoveAsync(DeadLetter letter, string line)
    {
        var results = await _partition.CommitAsync(
        [
            new Commit
            {
                Removals = [new ListRemoval(BoardKeys.DeadLetters, Encoding.UTF8.GetBytes(line))],
                Appends = [new QueueAppend(letter.Queue, letter.Id, letter.Payload)],
            },
        ]);
        return results[0].Outcome switch
        {
            CommitOutcome.Committed => null,
            CommitOutcome.VersionConflict => $"dead letter {letter.Id} was moved by somebody else",
            CommitOutcome.EpochLost => "the store was emptied or replaced",
            CommitOutcome.ModeRefused or CommitOutcome.Halted or CommitOutcome.FenceLost =>
                throw new InvalidOperationException($"A commit without such guards answered {results[0].Outcome}."),
            _ => throw new InvalidOperationException($"Unknown commit outcome {results[0].Outcome}."),
        };
    }

    private ValueTask<IReadOnlyList<string>> ReadAsync() => store.Board.ReadListAsync(BoardKeys.DeadLetters, DeadLetters.MaxKept);
}

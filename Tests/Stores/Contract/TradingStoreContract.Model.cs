using CsCheck;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>Random histories: the store and <see cref="StoreModel"/> agree on every answer and on what is left.</summary>
public abstract partial class TradingStoreContract
{
    /// <summary>How many random histories are tried.</summary>
    protected virtual int ModelHistories => 60;

    [Fact]
    public async Task Random_histories_agree_with_the_model()
    {
        var activity = new QueueActivity();
        await using var store = await CreateAsync(InputAndOutput, activity);
        var history = 0;
        await HistorySteps.All.SampleAsync(
            async steps =>
            {
                var run = new ModelRun(store, Output, activity, Unique($"h{history++}"));
                await run.PlayAsync(steps);
            },
            iter: ModelHistories,
            threads: 1);
    }

    private sealed class ModelRun(ITradingStore store, QueueDefinition queue, QueueActivity activity, string prefix)
    {
        private readonly StoreModel _model = new();
        private readonly IPartitionStore _partition = store.Partition("0");
        private readonly List<string> _entryIds = [];

        public async Task PlayAsync(HistoryStep[] steps)
        {
            // A history that failed leaves its messages behind; the shorter one tried next must not inherit them.
            await AckAllAsync(store, queue, (int)activity.Outstanding);
            _model.ModeVersion = (await _partition.ReadControlAsync(Stop)).Version;
            await SetModeAsync(0);
            await using (var reader = store.Queues.OpenReader(queue.Name))
            {
                foreach (var step in steps)
                {
                    await StepAsync(step, reader);
                    Assert.Equal(_model.Waiting.Count(), activity.Outstanding);
                }
            }

            await CompareAsync();
        }

        private async Task StepAsync(HistoryStep step, IQueueReader reader)
        {
            switch (step.Kind)
            {
                case StepKind.Mode:
                    await SetModeAsync(step.Number);
                    break;
                case StepKind.StaleMode:
                    Assert.False(await _partition.SetModeAsync(_model.ModeVersion - 1, step.Number, "stale", [], [], Stop));
                    break;
                case StepKind.Halt:
                    Assert.True(await _partition.ReplaceHaltAsync(
                        Real(step.Name), _model.Halts.Contains(step.Name) ? "model" : null, "model", Stop));
                    _model.Halts.Add(step.Name);
                    break;
                case StepKind.Lift:
                    Assert.True(await _partition.ReplaceHaltAsync(
                        Real(step.Name), _model.Halts.Remove(step.Name) ? "model" : null, null, Stop));
                    break;
                case StepKind.Fence:
                    var token = await _partition.RaiseFenceAsync(Real(step.Name), Stop);
                    Assert.True(token > _model.Fences.GetValueOrDefault(step.Name));
                    _model.Fences[step.Name] = token;
                    break;
                case StepKind.Commits:
                    await CommitAsync(step.Commits, reader);
                    break;
                default:
                    throw new InvalidOperationException($"{step.Kind} is no step.");
            }
        }

        private async Task SetModeAsync(int mode)
        {
            Assert.True(await _partition.SetModeAsync(_model.ModeVersion, mode, "model", [], [], Stop));
            _model.Mode = mode;
            _model.ModeVersion++;
        }

        private async Task CommitAsync(Func<StoreModel, ModelCommit>[] plans, IQueueReader reader)
        {
            var commits = plans.Select(plan => plan(_model)).Select(OnlyReadAcks).ToArray();
            var results = await _partition.CommitAsync([.. commits.Select(ToReal)], Stop);
            Assert.Equal(commits.Length, results.Length);
            for (var i = 0; i < commits.Length; i++)
            {
                var outcome = _model.Apply(commits[i], out var detail);
                Assert.Equal((outcome, _model.Mode), (results[i].Outcome, results[i].Mode));
                if (detail is not null)
                {
                    Assert.Equal(Real(detail), results[i].Detail);
                }
            }

            var fresh = await ReadExactlyAsync(reader, _model.Queue.Count - _entryIds.Count, "what was appended");
            Assert.Equal(_model.Queue.Skip(_entryIds.Count), fresh.Select(entry => Text(entry.Payload)));
            _entryIds.AddRange(fresh.Select(entry => entry.Id));
        }

        private async Task CompareAsync()
        {
            foreach (var (key, (version, data)) in _model.Records)
            {
                var record = await _partition.ReadAsync(Real(key), Stop);
                Assert.Equal((version, data), (record!.Version, Text(record.Data)));
            }

            foreach (var (name, (version, fields)) in _model.Indexes)
            {
                var index = (await _partition.ReadIndexAsync(Real(name), -1, Stop))!;
                Assert.Equal(version, index.Version);
                Assert.Equal(fields, index.Fields.ToDictionary(field => field.Key, field => Text(field.Value)));
            }

            foreach (var (name, history) in _model.IndexHistory)
            {
                await CompareChangesAsync(name, history);
            }

            foreach (var (name, (version, fields)) in _model.Counters)
            {
                var group = (await _partition.ReadCountersAsync(Real(name), -1, Stop))!;
                Assert.Equal(version, group.Version);
                Assert.Equal(fields, group.Fields.ToDictionary());
            }

            foreach (var (key, values) in _model.Lists)
            {
                Assert.Equal(values, await store.Board.ReadListAsync(Real(key), 100, Stop));
            }

            await CompareQueueAsync();
        }

        /// <summary>From whichever version a reader starts, the changes lead to what the index is now.</summary>
        private async Task CompareChangesAsync(string name, List<Dictionary<string, string>> history)
        {
            Assert.Null(await _partition.ReadIndexChangesAsync(Real(name), history.Count - 1, Stop));
            for (var known = -1; known < history.Count - 1; known++)
            {
                var changes = (await _partition.ReadIndexChangesAsync(Real(name), known, Stop))!;
                Assert.Equal((history.Count - 1, known < 0), (changes.Version, changes.IsWhole));
                var fields = changes.IsWhole ? [] : new Dictionary<string, string>(history[known]);
                foreach (var (field, data) in changes.Fields)
                {
                    fields.Remove(field);
                    if (data is { } given)
                    {
                        fields[field] = Text(given);
                    }
                }

                Assert.Equal(history[^1], fields);
            }
        }

        private async Task CompareQueueAsync()
        {
            var waiting = _model.Waiting.ToArray();
            await using var reader = store.Queues.OpenReader(queue.Name);
            var entries = await ReadExactlyAsync(reader, waiting.Length, "what was never acknowledged");
            Assert.Equal(waiting, entries.Select(entry => Text(entry.Payload)));
            await MustCommitAsync(store, new Commit { Acks = [.. entries.Select(Ack)] });
            Assert.Equal(0, activity.Outstanding);
        }

        private ModelCommit OnlyReadAcks(ModelCommit commit) =>
            commit with { Acks = [.. commit.Acks.Where(position => position < _entryIds.Count)] };

        private QueueAck Ack(QueueEntry entry) => new(queue.Name, entry.Id);

        private string Real(string name) => $"{name}:{prefix}";

        private Commit ToReal(ModelCommit commit) => new()
        {
            AllowedModes = commit.AllowedModes,
            HaltScopes = [.. commit.Halts.Select(Real)],
            Fence = commit.Fence is { } fence ? fence with { Group = Real(fence.Group) } : null,
            Records = [.. commit.Records.Select(r => new RecordWrite(Real(r.Key), r.Expected, Bytes(r.Data)))],
            Index = [.. commit.Index.Select(i => new IndexWrite(
                Real(i.Index), i.Field, i.Data is null ? (ReadOnlyMemory<byte>?)null : Bytes(i.Data)))],
            Counters = [.. commit.Counters.Select(c => new CounterDelta(Real(c.Group), c.Field, c.Delta))],
            Pushes = [.. commit.Pushes.Select(p => new ListPush(Real(p.Key), Bytes(p.Value), p.Length))],
            Appends = [.. commit.Appends.Select((text, i) => new QueueAppend(queue.Name, $"{prefix}-{i}", Bytes(text)))],
            Acks = [.. commit.Acks.Select(position => new QueueAck(queue.Name, _entryIds[position]))],
        };
    }
}

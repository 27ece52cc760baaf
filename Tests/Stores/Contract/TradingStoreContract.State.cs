using TradingEngine.Streaming.Commits;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>Records, indexes, counters and control state.</summary>
public abstract partial class TradingStoreContract
{
    [Fact]
    public async Task New_store_is_empty()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");

        Assert.Equal("0", partition.Partition);
        Assert.Null(await partition.ReadAsync(Unique("none"), Stop));
        Assert.Equal(0, (await partition.ReadIndexAsync(Unique("none"), -1, Stop))!.Version);
        Assert.Empty((await partition.ReadIndexAsync(Unique("none"), -1, Stop))!.Fields);
        Assert.Null(await partition.ReadIndexAsync(Unique("none"), 0, Stop));
        Assert.Equal(0, (await partition.ReadCountersAsync(Unique("none"), -1, Stop))!.Version);
        var control = await partition.ReadControlAsync(Stop);
        Assert.Equal((0, 0L), (control.Mode, control.Version));
        Assert.Empty(control.Halts);
        Assert.Empty(await partition.CommitAsync([], Stop));
    }

    [Fact]
    public async Task Record_is_created_once_and_its_version_rises_by_one()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        Commit Write(long expected, string data) => new() { Records = [new(Unique("r"), expected, Bytes(data))] };

        Assert.True((await CommitOneAsync(store, Write(0, "one"))).IsCommitted);
        var again = await CommitOneAsync(store, Write(0, "again"));
        Assert.True((await CommitOneAsync(store, Write(1, "two"))).IsCommitted);
        var stale = await CommitOneAsync(store, Write(1, "stale"));
        var absent = await CommitOneAsync(store, new Commit { Records = [new(Unique("absent"), 1, Bytes("x"))] });

        Assert.Equal((CommitOutcome.VersionConflict, Unique("r")), (again.Outcome, again.Detail));
        Assert.Equal((CommitOutcome.VersionConflict, Unique("r")), (stale.Outcome, stale.Detail));
        Assert.Equal((CommitOutcome.VersionConflict, Unique("absent")), (absent.Outcome, absent.Detail));
        var record = await partition.ReadAsync(Unique("r"), Stop);
        Assert.Equal((2, "two"), (record!.Version, Text(record.Data)));
    }

    [Fact]
    public async Task Records_keep_any_bytes_and_are_read_in_the_order_asked()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var large = new byte[300_000];
        for (var i = 0; i < large.Length; i++)
        {
            large[i] = (byte)(i % 256);
        }

        await MustCommitAsync(store, new Commit
        {
            Records = [new(Unique("large"), 0, large), new(Unique("empty"), 0, ReadOnlyMemory<byte>.Empty)],
        });

        var read = await partition.ReadManyAsync([Unique("empty"), Unique("none"), Unique("large")], Stop);
        Assert.Equal(3, read.Length);
        Assert.True(read[0]!.Data.IsEmpty);
        Assert.Null(read[1]);
        Assert.True(read[2]!.Data.Span.SequenceEqual(large));
        Assert.Empty(await partition.ReadManyAsync([], Stop));
    }

    [Fact]
    public async Task Partitions_do_not_see_each_other()
    {
        await using var store = await CreateAsync([]);
        await MustCommitAsync(store, new Commit
        {
            Records = [new(Unique("r"), 0, Bytes("x"))],
            Index = [new(Unique("i"), "f", Bytes("x"))],
            Counters = [new(Unique("c"), "f", 1)],
        });
        var other = store.Partition("1");

        Assert.Null(await other.ReadAsync(Unique("r"), Stop));
        Assert.Equal(0, (await other.ReadIndexAsync(Unique("i"), -1, Stop))!.Version);
        Assert.Equal(0, (await other.ReadCountersAsync(Unique("c"), -1, Stop))!.Version);
    }

    [Fact]
    public async Task Index_version_rises_once_per_commit_that_touches_it()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var (a, b) = (Unique("index-a"), Unique("index-b"));

        await MustCommitAsync(store, new Commit
        {
            Index = [new(a, "1", Bytes("one")), new(b, "1", Bytes("b")), new(a, "2", Bytes("two"))],
        });
        await MustCommitAsync(store, new Commit
        {
            Index = [new(a, "1", null), new(a, "2", Bytes("deux")), new(a, "none", null)],
        });

        var index = (await partition.ReadIndexAsync(a, -1, Stop))!;
        Assert.Equal(2, index.Version);
        Assert.Equal(["2"], index.Fields.Keys);
        Assert.Equal("deux", Text(index.Fields["2"]));
        Assert.Null(await partition.ReadIndexAsync(a, 2, Stop));
        Assert.NotNull(await partition.ReadIndexAsync(a, 1, Stop));
        var versions = await partition.ReadIndexVersionsAsync(Stop);
        Assert.Equal((2L, 1L), (versions[a], versions[b]));
    }

    [Fact]
    public async Task Large_index_is_read_whole_while_it_changes_and_the_changes_lead_on_from_there()
    {
        const int Size = 5000;
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var name = Unique("large");
        foreach (var chunk in Enumerable.Range(0, Size).Chunk(1000))
        {
            await MustCommitAsync(store, new Commit { Index = [.. chunk.Select(i => new IndexWrite(name, $"f{i}", Bytes("0")))] });
        }

        var expected = Enumerable.Range(0, Size).ToDictionary(i => $"f{i}", _ => "0");
        var writing = WriteAsync();
        var fields = new Dictionary<string, string>();
        var version = -1L;
        var isLast = false;
        while (true)
        {
            isLast |= writing.IsCompleted;
            if (await partition.ReadIndexChangesAsync(name, version, Stop) is { } changes)
            {
                Assert.Equal(version < 0, changes.IsWhole);
                foreach (var (field, data) in changes.Fields)
                {
                    fields.Remove(field);
                    if (data is { } given)
                    {
                        fields[field] = Text(given);
                    }
                }

                version = changes.Version;
            }
            else if (isLast)
            {
                break;
            }
        }

        await writing;
        Assert.Equal(expected.OrderBy(pair => pair.Key), fields.OrderBy(pair => pair.Key));

        async Task WriteAsync()
        {
            for (var i = 0; i < 400; i++)
            {
                var (gone, changed, added) = ($"f{i * 7}", $"f{(i * 7) + 3}", $"new{i}");
                await MustCommitAsync(store, new Commit
                {
                    Index = [new(name, gone, null), new(name, changed, Bytes($"{i}")), new(name, added, Bytes("n"))],
                });
                expected.Remove(gone);
                expected[changed] = $"{i}";
                expected[added] = "n";
            }
        }
    }

    [Fact]
    public async Task Counters_add_up_and_their_versions_are_returned_in_order_of_first_appearance()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var (a, b) = (Unique("count:a"), Unique("count:b"));
        await MustCommitAsync(store, new Commit { Counters = [new(a, "x", 5), new(a, "y", -2)] });

        var result = await CommitOneAsync(store, new Commit
        {
            Counters = [new(b, "x", long.MaxValue), new(a, "x", -7), new(b, "y", 0), new(a, "x", 1)],
        });

        Assert.Equal([1L, 2L], result.CounterVersions);
        var counters = (await partition.ReadCountersAsync(a, 1, Stop))!;
        Assert.Equal(2, counters.Version);
        Assert.Equal((-1L, -2L), (counters.Fields["x"], counters.Fields["y"]));
        Assert.Equal(long.MaxValue, (await partition.ReadCountersAsync(b, -1, Stop))!.Fields["x"]);
        Assert.Null(await partition.ReadCountersAsync(a, 2, Stop));
        var names = await partition.ReadCounterGroupsAsync("count:", Stop);
        Assert.Equal([a, b], names.Order(StringComparer.Ordinal));
        Assert.Empty(await partition.ReadCounterGroupsAsync("Count:", Stop));
    }

    [Fact]
    public async Task Counter_that_would_overflow_throws_and_writes_nothing()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var group = Unique("full");
        await MustCommitAsync(store, new Commit { Counters = [new(group, "x", long.MaxValue)] });

        await Assert.ThrowsAsync<ArgumentException>(() => CommitOneAsync(store, new Commit
        {
            Records = [new(Unique("r"), 0, Bytes("x"))],
            Counters = [new(group, "y", 1), new(group, "x", 1)],
        }));

        Assert.Null(await partition.ReadAsync(Unique("r"), Stop));
        var counters = (await partition.ReadCountersAsync(group, -1, Stop))!;
        Assert.Equal((1L, long.MaxValue), (counters.Version, counters.Fields["x"]));
        Assert.DoesNotContain("y", counters.Fields.Keys);
    }

    [Fact]
    public async Task Mode_is_compared_and_set_and_persists()
    {
        await using var first = await CreateAsync(InputAndOutput);
        var partition = first.Partition("0");
        await PushAsync(first, Input, "command");
        await using var reader = first.Queues.OpenReader(Input.Name);
        var entry = Assert.Single(await ReadExactlyAsync(reader, 1, "the command"));
        ListPush[] pushes = [new(Unique("modes"), Bytes("paused"), 3)];
        QueueAck[] acks = [new(Input.Name, entry.Id)];

        Assert.False(await partition.SetModeAsync(7, 2, "nobody saw this", pushes, acks, Stop));
        Assert.Empty(await first.Board.ReadListAsync(Unique("modes"), 3, Stop));
        Assert.True(await partition.SetModeAsync(0, 2, "operator", pushes, acks, Stop));
        Assert.False(await partition.SetModeAsync(0, 4, "late", pushes, acks, Stop));

        Assert.Equal(["paused"], await first.Board.ReadListAsync(Unique("modes"), 3, Stop));
        await partition.ReplaceHaltAsync(Unique("scope"), null, "why", Stop);
        await using var second = await ReopenAsync(first, InputAndOutput);
        var control = await second.Partition("0").ReadControlAsync(Stop);
        Assert.Equal((2, 1L, "operator"), (control.Mode, control.Version, control.Reason));
        Assert.Equal("why", control.Halts[Unique("scope")]);
        await using var after = second.Queues.OpenReader(Input.Name);
        await AssertNothingArrivesAsync(after);
    }

    [Fact]
    public async Task Record_counts_as_absent_once_its_retention_has_passed()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        await MustCommitAsync(store, new Commit
        {
            Records =
            [
                new(Unique("short"), 0, Bytes("x"), TimeSpan.FromMilliseconds(60)),
                new(Unique("long"), 0, Bytes("x"), TimeSpan.FromMinutes(10)),
                new(Unique("kept"), 0, Bytes("x"), TimeSpan.FromMilliseconds(60)),
            ],
        });
        var kept = await CommitOneAsync(store, new Commit { Records = [new(Unique("kept"), 1, Bytes("y"))] });

        await EventuallyAsync("the record to expire", async () => await partition.ReadAsync(Unique("short"), Stop) is null);

        Assert.Null((await partition.ReadManyAsync([Unique("short")], Stop))[0]);
        Assert.NotNull(await partition.ReadAsync(Unique("long"), Stop));
        Assert.True(!kept.IsCommitted || await partition.ReadAsync(Unique("kept"), Stop) is { Version: 2 });
        await MustCommitAsync(store, new Commit { Records = [new(Unique("short"), 0, Bytes("new"))] });
        Assert.Equal("new", Text((await partition.ReadAsync(Unique("short"), Stop))!.Data));
    }

    [Fact]
    public async Task State_survives_a_reopen()
    {
        await using var first = await CreateAsync([]);
        await MustCommitAsync(first, new Commit
        {
            Records = [new(Unique("r"), 0, Bytes("data"))],
            Index = [new(Unique("i"), "f", Bytes("indexed"))],
            Counters = [new(Unique("c"), "f", 41)],
        });
        var token = await first.Partition("0").RaiseFenceAsync(Unique("c"), Stop);

        await using var second = await ReopenAsync(first, []);

        var partition = second.Partition("0");
        Assert.Equal("data", Text((await partition.ReadAsync(Unique("r"), Stop))!.Data));
        Assert.Equal("indexed", Text((await partition.ReadIndexAsync(Unique("i"), -1, Stop))!.Fields["f"]));
        Assert.True(await partition.RaiseFenceAsync(Unique("c"), Stop) > token);
        await MustCommitAsync(second, new Commit { Counters = [new(Unique("c"), "f", 1)] });
        Assert.Equal(42, (await partition.ReadCountersAsync(Unique("c"), -1, Stop))!.Fields["f"]);
    }
}

using System.Text;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>A commit happens whole or not at all.</summary>
public sealed class RedisCommitTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Removal_moves_a_value_once_with_all_that_the_commit_writes_or_nothing(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        ReadOnlyMemory<byte> binary = new byte[] { 0, 0xFF, 10 };
        await store.CommitAsync(new Commit { Pushes = [new("letters", Bytes("a"), 9), new("letters", binary, 9), new("letters", Bytes("a"), 9)] });
        Commit Move(string key, params ReadOnlyMemory<byte>[] values) => new()
        {
            Removals = [.. values.Select(value => new ListRemoval(key, value))],
            Appends = [new("orders", "x", Bytes("moved"))],
            Counters = [new("account:a", "gross", 7)],
        };

        var refused = await store.CommitAsync(Move("letters", Bytes("a"), Bytes("gone")));
        Assert.Equal((CommitOutcome.VersionConflict, "letters"), (refused.Outcome, refused.Detail));
        Assert.Equal(CommitOutcome.VersionConflict, (await store.CommitAsync(Move("te:{0}:control", Bytes("a")))).Outcome);
        Assert.Null(await store.Partition("0").ReadCountersAsync("account:a", 0));
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(Move("letters", binary))).Outcome);
        var racing = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.CommitAsync(Move("letters", Bytes("a")))));

        Assert.Equal(2, racing.Count(result => result.IsCommitted));
        Assert.Empty(await store.Board.ReadListAsync("letters", 9));
        Assert.Equal(21, (await store.Partition("0").ReadCountersAsync("account:a"))!.Fields["gross"]);
        Assert.Equal(3, (await store.GetStatusAsync()).QueueDepths["orders"]);
    }

    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Commit_with_everything_writes_everything(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        await store.Queues.PushAsync("signals", [Bytes("s1")]);
        await using var reader = store.Queues.OpenReader("signals");
        var input = (await reader.TakeAsync(1))[0];
        var partition = store.Partition("0");

        var result = await store.CommitAsync(Full(input.Id));

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal([1L, 1L], result.CounterVersions);
        var record = await partition.ReadAsync("p1");
        Assert.Equal((1, "state"), (record!.Version, Text(record.Data)));
        var index = await partition.ReadIndexAsync("EURUSD");
        Assert.Equal((1, "entry"), (index!.Version, Text(index.Fields["p1"])));
        Assert.Null(await partition.ReadIndexAsync("EURUSD", 1));
        Assert.Equal(1, (await partition.ReadIndexVersionsAsync())["EURUSD"]);
        var counters = await partition.ReadCountersAsync("account:a");
        Assert.Equal(new Dictionary<string, long> { ["gross"] = 7, ["net"] = -3 }, counters!.Fields);
        Assert.Null(await partition.ReadCountersAsync("account:a", counters.Version));
        Assert.Equal(["account:a", "account:b"], await partition.ReadCounterGroupsAsync("account:"));
        Assert.Equal(["h2"], await store.Board.ReadListAsync("history", 10));
        Assert.Equal(1, (await server.ExecuteAsync("XLEN", "te:{0}:audit")).Integer);
        var stream = transport == RedisTransport.Lists ? "te:{0}:in:signals" : "te:{0}:signals";
        Assert.Equal(0, (await server.ExecuteAsync("XLEN", stream)).Integer);
        Assert.Equal(0, (await server.ExecuteAsync("XPENDING", stream, "engine")).Items[0].Integer);
        if (transport == RedisTransport.Lists)
        {
            Assert.Equal("o1", (await server.ExecuteAsync("RPOP", "execution_orders")).Text);
        }
        else
        {
            var fields = (await server.ExecuteAsync("XRANGE", "te:{0}:orders", "-", "+")).Items[0].Items[1].Items;
            string[] names = ["v", "id", "ts", "src", "type", "data"];
            Assert.Equal(names, fields.Where((_, i) => i % 2 == 0).Select(field => field.Text));
            Assert.Equal("o1", fields[^1].Text);
        }
    }

    [Theory]
    [InlineData(CommitOutcome.VersionConflict, "p1")]
    [InlineData(CommitOutcome.ModeRefused, null)]
    [InlineData(CommitOutcome.Halted, "symbol:EURUSD")]
    [InlineData(CommitOutcome.FenceLost, "account:a")]
    [InlineData(CommitOutcome.EpochLost, null)]
    public async Task Guard_that_refuses_leaves_nothing_written(CommitOutcome outcome, string? detail)
    {
        await using var store = await OpenAsync(server);
        await store.Queues.PushAsync("signals", [Bytes("s1")]);
        await using var reader = store.Queues.OpenReader("signals");
        var input = (await reader.TakeAsync(1))[0];
        var partition = store.Partition("0");
        Assert.True(await partition.SetModeAsync(0, 3, "test", [], []));
        var token = await partition.RaiseFenceAsync("account:a");
        await partition.ReplaceHaltAsync("symbol:EURUSD", null, "news");
        if (outcome == CommitOutcome.EpochLost)
        {
            await server.ExecuteAsync("HSET", "te:{0}:control", "epoch", "another");
        }

        var before = await SnapshotAsync();
        var result = await store.CommitAsync(Full(input.Id) with
        {
            Records = [new RecordWrite("p1", outcome == CommitOutcome.VersionConflict ? 4 : 0, Bytes("state"))],
            AllowedModes = outcome == CommitOutcome.ModeRefused ? ~(1 << 3) : 1 << 3,
            HaltScopes = outcome == CommitOutcome.Halted ? ["strategy:x", "symbol:EURUSD"] : ["strategy:x"],
            Fence = new Fence("account:a", outcome == CommitOutcome.FenceLost ? token - 1 : token),
        });

        Assert.Equal((outcome, detail, 3), (result.Outcome, result.Detail, result.Mode));
        Assert.Empty(result.CounterVersions);
        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task Guards_that_hold_let_the_commit_pass()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        Assert.True(await partition.SetModeAsync(0, 3, "test", [], []));
        var token = await partition.RaiseFenceAsync("account:a");
        await partition.ReplaceHaltAsync("symbol:EURUSD", null, "news");
        await partition.ReplaceHaltAsync("symbol:EURUSD", "news", null);
        var result = await store.CommitAsync(new Commit
        {
            AllowedModes = 1 << 3, HaltScopes = ["symbol:EURUSD"], Fence = new Fence("account:a", token),
            Records = [new RecordWrite("p1", 0, Bytes("x"))],
        });
        Assert.True(result.IsCommitted);
    }

    [Theory]
    [InlineData("execution_orders")]
    [InlineData("history")]
    [InlineData("te:{0}:audit")]
    [InlineData("te:{0}:idx:EURUSD")]
    public async Task Key_of_another_type_leaves_nothing_written(string key)
    {
        await using var store = await OpenAsync(server);
        await server.ExecuteAsync("SET", key, "foreign");
        var before = await SnapshotAsync();
        var fault = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Full("1-1")));
        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task Counter_holds_the_whole_range_and_refuses_to_leave_it()
    {
        await using var store = await OpenAsync(server);
        const long Odd = 9_007_199_254_740_993;
        Commit Add(long delta) => new() { Counters = [new CounterDelta("g", "f", delta)] };
        await store.CommitAsync(Add(Odd));
        await store.CommitAsync(Add(2));
        Assert.Equal(Odd + 2, (await store.Partition("0").ReadCountersAsync("g"))!.Fields["f"]);
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Add(long.MaxValue)));
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Add(long.MinValue)));
        var after = await store.Partition("0").ReadCountersAsync("g");
        Assert.Equal((2, Odd + 2), (after!.Version, after.Fields["f"]));
    }

    [Fact]
    public async Task Batch_answers_each_commit_in_order()
    {
        await using var store = await OpenAsync(server);
        Commit Write(string key, long version) => new() { Records = [new RecordWrite(key, version, Bytes("x"))] };
        await server.ExecuteAsync("SCRIPT", "FLUSH");
        var results = await store.Partition("0").CommitAsync([Write("a", 0), Write("a", 0), Write("a", 1), Write("b", 0)]);
        Assert.Equal(
            [CommitOutcome.Committed, CommitOutcome.VersionConflict, CommitOutcome.Committed, CommitOutcome.Committed],
            results.Select(result => result.Outcome));
        var read = await store.Partition("0").ReadManyAsync(["a", "none", "b"]);
        Assert.Equal([2L, null, 1L], read.Select(record => record?.Version));
    }

    [Fact]
    public async Task Commits_of_many_callers_keep_their_own_outcomes()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        await server.ExecuteAsync("SET", "te:{0}:rec:foreign", "x");
        await store.CommitAsync(new Commit { Counters = [new CounterDelta("full", "n", 8_999_999_999_999_999_999)] });
        Commit Write(string key, string group) => new()
        {
            Records = [new RecordWrite(key, 0, Bytes(key))], Counters = [new CounterDelta(group, "n", 1)],
            Index = [new IndexWrite("EURUSD", key, Bytes(key))], Pushes = [new ListPush("history", Bytes(key), 1000)],
            Appends = [new QueueAppend("orders", key, Bytes(key))], Audit = [Bytes(key)],
        };

        var callers = Enumerable.Range(0, 300).Select(i => (i % 3) switch
        {
            0 => store.CommitAsync(Write($"good-{i}", "g")),
            1 => store.CommitAsync(Write(i % 2 == 0 ? "foreign" : $"over-{i}", i % 2 == 0 ? "g" : "full") with
            {
                Counters = [new CounterDelta(i % 2 == 0 ? "g" : "full", "n", i % 2 == 0 ? 1 : 1_000_000)],
            }),
            _ => store.CommitAsync(Write("same", "g")),
        }).ToArray();
        await Task.WhenAll(callers.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.All(callers.Where((_, i) => i % 3 == 0), task => Assert.True(task.Result.IsCommitted));
        Assert.All(callers.Where((_, i) => i % 3 == 1), task => Assert.IsType<StoreException>(task.Exception?.InnerException));
        Assert.Equal(1, callers.Where((_, i) => i % 3 == 2).Count(task => task.Result.IsCommitted));
        var counters = await partition.ReadCountersAsync("g");
        Assert.Equal((101, 101L), (counters!.Version, counters.Fields["n"]));
        var versions = callers.Where(task => task.IsCompletedSuccessfully && task.Result.IsCommitted)
            .Select(task => task.Result.CounterVersions[0]);
        Assert.Equal(Enumerable.Range(1, 101).Select(i => (long)i), versions.Order());
        var index = await partition.ReadIndexAsync("EURUSD");
        Assert.Equal((101, 101), (index!.Version, index.Fields.Count));
        Assert.Equal(101, (await store.Board.ReadListAsync("history", 1000)).Count);
        Assert.Equal(101, (await store.GetStatusAsync()).QueueDepths["orders"]);
        var lines = (await server.ExecuteAsync("XRANGE", "te:{0}:audit", "-", "+")).Items.Sum(entry => entry.Items[1].Items.Length / 2);
        Assert.Equal(101, lines);
    }

    [Fact]
    public async Task Batch_longer_than_a_call_keeps_its_order()
    {
        await using var store = await OpenAsync(server);
        await server.ExecuteAsync("SCRIPT", "FLUSH");
        var commits = Enumerable.Range(0, 700).Select(i => new Commit
        {
            Records = [new RecordWrite("r", i, Bytes($"{i}"))], Appends = [new QueueAppend("orders", $"{i}", Bytes($"{i}"))],
        }).ToArray();
        var results = await store.Partition("0").CommitAsync(commits);
        Assert.All(results, result => Assert.True(result.IsCommitted));
        var orders = (await server.ExecuteAsync("LRANGE", "execution_orders", "0", "-1")).Items.Select(item => item.Text).Reverse();
        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"{i}"), orders);
    }

    [Fact]
    public async Task Reader_that_missed_thousands_of_changes_reads_them_in_parts()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        Commit Set(int number, string? value) => new()
        {
            Index = [new IndexWrite("EURUSD", $"p{number}", value is null ? (ReadOnlyMemory<byte>?)null : Bytes(value))],
        };
        await partition.CommitAsync([Set(0, "first"), Set(1, "first")]);
        const int Changes = 12_000;
        await partition.CommitAsync([.. Enumerable.Range(0, Changes).Select(i => Set(i, i == 1 ? null : "second"))]);
        var changes = await partition.ReadIndexChangesAsync("EURUSD", 2);
        Assert.Equal((Changes + 2L, false, Changes), (changes!.Version, changes.IsWhole, changes.Fields.Count));
        Assert.Null(changes.Fields["p1"]);
        Assert.Equal("second", Encoding.UTF8.GetString(changes.Fields["p11999"]!.Value.Span));
        Assert.Null(await partition.ReadIndexChangesAsync("EURUSD", changes.Version));
    }

    [Fact]
    public async Task Retention_is_set_and_lifted()
    {
        await using var store = await OpenAsync(server);
        Commit Write(long version, TimeSpan? keep) => new() { Records = [new RecordWrite("r", version, Bytes("x"), keep)] };
        await store.CommitAsync(Write(0, TimeSpan.FromHours(1)));
        Assert.InRange((await server.ExecuteAsync("PTTL", "te:{0}:rec:r")).Integer, 1, 3_600_000);
        await store.CommitAsync(Write(1, null));
        Assert.Equal(-1, (await server.ExecuteAsync("PTTL", "te:{0}:rec:r")).Integer);
    }

    [Fact]
    public async Task Two_committers_of_one_record_never_both_win()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        var wins = new int[4];
        await Task.WhenAll(Enumerable.Range(0, wins.Length).Select(async worker =>
        {
            for (var i = 0; i < 500; i++)
            {
                var version = (await partition.ReadAsync("r"))?.Version ?? 0;
                var result = await store.CommitAsync(new Commit
                {
                    Records = [new RecordWrite("r", version, Bytes("x"))], Counters = [new CounterDelta("g", "n", 1)],
                });
                wins[worker] += result.IsCommitted ? 1 : 0;
            }
        }));
        Assert.Equal(wins.Sum(), (await partition.ReadAsync("r"))!.Version);
        Assert.Equal(wins.Sum(), (await partition.ReadCountersAsync("g"))!.Fields["n"]);
    }

    [Fact]
    public async Task Further_partition_keeps_its_own_state()
    {
        await using var store = await OpenAsync(server);
        Assert.True((await store.CommitAsync(new Commit { Records = [new RecordWrite("a", 0, Bytes("x"))] }, "7")).IsCommitted);
        Assert.Null(await store.Partition("0").ReadAsync("a"));
        Assert.NotNull(await store.Partition("7").ReadAsync("a"));
    }

    [Fact]
    public async Task Mode_changes_once_per_version_together_with_its_answer()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        Assert.True(await partition.SetModeAsync(0, 2, "why", [new ListPush("command_history", Bytes("c"), 5)], []));
        Assert.False(await partition.SetModeAsync(0, 4, "late", [new ListPush("command_history", Bytes("d"), 5)], []));
        var control = await partition.ReadControlAsync();
        Assert.Equal((2, 1, "why"), (control.Mode, control.Version, control.Reason));
        Assert.Equal(["c"], await store.Board.ReadListAsync("command_history", 9));
    }

    private static Commit Full(string entry) => new()
    {
        Records = [new RecordWrite("p1", 0, Bytes("state"))],
        Index = [new IndexWrite("EURUSD", "p1", Bytes("entry")), new IndexWrite("EURUSD", "p0", null)],
        Counters =
        [
            new CounterDelta("account:a", "gross", 5), new CounterDelta("account:b", "gross", 1),
            new CounterDelta("account:a", "net", -3), new CounterDelta("account:a", "gross", 2),
        ],
        Appends = [new QueueAppend("orders", "id1", Bytes("o1"))],
        Pushes = [new ListPush("history", Bytes("h1"), 1), new ListPush("history", Bytes("h2"), 1)],
        Audit = [Bytes("line")],
        Acks = [new QueueAck("signals", entry)],
    };

    /// <summary>Every key with its serialised value, and what is pending.</summary>
    private async Task<string[]> SnapshotAsync()
    {
        var keys = (await server.ExecuteAsync("KEYS", "*")).Items.Select(key => key.Text).Order(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var key in keys)
        {
            var digest = (await server.ExecuteAsync("EVAL", "return redis.call('DUMP', KEYS[1])", "1", key)).Bytes;
            // A stream's dump holds the consumer's last-seen time, which an idle reader renews.
            lines.Add(key + " " + (key.Contains(":in:", StringComparison.Ordinal)
                ? (await server.ExecuteAsync("XPENDING", key, "engine")).Items[0].Text
                : Convert.ToHexString(digest)));
        }

        return [.. lines];
    }
}

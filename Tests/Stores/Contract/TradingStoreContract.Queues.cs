using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>Queues: order, at least once, removal by commit, and the count of what is outstanding.</summary>
public abstract partial class TradingStoreContract
{
    [Fact]
    public async Task Entries_come_in_order_of_append_whoever_appends()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await using var reader = store.Queues.OpenReader(Output.Name);
        QueueAppend Append(string text) => new(Output.Name, text, Bytes(text));

        await PushAsync(store, Output, "1", "2");
        await store.Partition("0").CommitAsync(
            [new Commit { Appends = [Append("3"), Append("4")] }, new Commit { Appends = [Append("5")] }], Stop);
        await PushAsync(store, Output, "6");
        await MustCommitAsync(store, new Commit { Appends = [Append("7")] });

        var entries = await ReadExactlyAsync(reader, 7, "seven messages");
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], entries.Select(entry => Text(entry.Payload)));
        Assert.Equal(7, entries.Select(entry => entry.Id).Distinct().Count());
        Assert.All(entries, entry => Assert.Equal(1, entry.Deliveries));
    }

    [Fact]
    public async Task Reader_that_waits_is_woken_by_an_append()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await using var reader = store.Queues.OpenReader(Output.Name);

        var waiting = reader.ReadAsync(10, TimeSpan.FromSeconds(30), Stop).AsTask();
        await MustCommitAsync(store, new Commit { Appends = [new(Output.Name, "id", Bytes("late"))] });

        var entries = await waiting.WaitAsync(Deadline, Stop);
        Assert.Equal("late", Text(Assert.Single(entries).Payload));
    }

    [Fact]
    public async Task Read_returns_at_most_what_was_asked_and_keeps_any_bytes()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await using var reader = store.Queues.OpenReader(Input.Name);
        byte[] odd = [0, 255, 13, 10, 128, 0];
        await store.Queues.PushAsync(Input.Name, [odd, Bytes("b"), Bytes("c")], Stop);

        var two = await reader.ReadAsync(2, Deadline, Stop);
        Assert.InRange(two.Count, 1, 2);
        var rest = await ReadExactlyAsync(reader, 3 - two.Count, "the rest");

        Assert.Equal(odd, two[0].Payload.ToArray());
        Assert.Equal("c", Text(rest[^1].Payload));
        await AssertNothingArrivesAsync(reader);
    }

    [Fact]
    public async Task Entry_not_acknowledged_is_delivered_again_under_the_same_id()
    {
        var input = Queue("in", redeliverMilliseconds: 80);
        await using var store = await CreateAsync([input]);
        await using var reader = store.Queues.OpenReader(input.Name);
        await PushAsync(store, input, "a", "b");
        var first = await ReadExactlyAsync(reader, 2, "both messages");
        await MustCommitAsync(store, new Commit { Acks = [new(input.Name, first[0].Id)] });

        var second = Assert.Single(await ReadExactlyAsync(reader, 1, "the redelivery of b"));
        var third = Assert.Single(await ReadExactlyAsync(reader, 1, "the second redelivery of b"));

        Assert.Equal((first[1].Id, "b", 2), (second.Id, Text(second.Payload), second.Deliveries));
        Assert.Equal((first[1].Id, 3), (third.Id, third.Deliveries));
        await MustCommitAsync(store, new Commit { Acks = [new(input.Name, first[1].Id)] });
        await AssertNothingArrivesAsync(reader, 300);
    }

    [Fact]
    public async Task Reopened_store_returns_what_was_not_acknowledged_oldest_first()
    {
        await using var first = await CreateAsync(InputAndOutput);
        await PushAsync(first, Input, "a", "b", "c", "d");
        await using (var reader = first.Queues.OpenReader(Input.Name))
        {
            var taken = await ReadExactlyAsync(reader, 3, "three messages");
            await MustCommitAsync(first, new Commit { Acks = [new(Input.Name, taken[1].Id)] });
        }

        await using var second = await ReopenAsync(first, InputAndOutput);
        await PushAsync(second, Input, "e");
        await using var again = second.Queues.OpenReader(Input.Name);

        var entries = await ReadExactlyAsync(again, 4, "what was left");
        Assert.Equal(["a", "c", "d", "e"], entries.Select(entry => Text(entry.Payload)));
        Assert.Equal(1, entries[3].Deliveries);
        await MustCommitAsync(second, new Commit { Acks = [.. entries.Select(entry => new QueueAck(Input.Name, entry.Id))] });
        Assert.Equal(0, await DepthAsync(second, Input));
    }

    [Fact]
    public async Task Second_reader_of_a_queue_returns_what_the_first_took_under_the_same_ids()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await PushAsync(store, Input, "a", "b");
        List<QueueEntry> taken;
        await using (var reader = store.Queues.OpenReader(Input.Name))
        {
            taken = await ReadExactlyAsync(reader, 2, "both messages");
        }

        await using var next = store.Queues.OpenReader(Input.Name);
        var again = await ReadExactlyAsync(next, 2, "both messages again");
        Assert.Equal(taken.Select(entry => entry.Id), again.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Waiting_reader_stops_when_cancelled()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await using var reader = store.Queues.OpenReader(Input.Name);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var waiting = reader.ReadAsync(1, TimeSpan.FromSeconds(30), cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline, Stop));
    }

    [Fact]
    public async Task Activity_counts_what_is_outstanding_and_ends_at_zero()
    {
        var activity = new QueueActivity();
        await using var first = await CreateAsync(InputAndOutput, activity);
        await PushAsync(first, Input, "a", "b", "c");
        Assert.Equal(3, activity.Outstanding);
        await using var inputs = first.Queues.OpenReader(Input.Name);
        var taken = await ReadExactlyAsync(inputs, 3, "the inputs");

        await MustCommitAsync(first, new Commit
        {
            Appends = [new(Output.Name, "1", Bytes("x")), new(Output.Name, "2", Bytes("y"))],
            Acks = [new(Input.Name, taken[0].Id)],
        });
        Assert.Equal(4, activity.Outstanding);
        await MustCommitAsync(first, new Commit { Acks = [new(Input.Name, taken[0].Id), new(Input.Name, "nobody-gave-this")] });
        Assert.Equal(4, activity.Outstanding);
        var refused = await CommitOneAsync(first, new Commit
        {
            Records = [new(Unique("r"), 9, Bytes("x"))],
            Acks = [new(Input.Name, taken[1].Id)],
        });
        Assert.Equal((CommitOutcome.VersionConflict, 4L), (refused.Outcome, activity.Outstanding));

        var recount = new QueueActivity();
        await using var second = await ReopenAsync(first, InputAndOutput, recount);
        Assert.Equal(4, recount.Outstanding);
        var idle = recount.WhenIdleAsync();
        await AckAllAsync(second, Input, 2);
        Assert.False(idle.IsCompleted);
        await AckAllAsync(second, Output, 2);
        Assert.Equal(0, recount.Outstanding);
        await idle.WaitAsync(Deadline, Stop);
    }

    [Fact]
    public async Task Prices_reach_a_reader_and_are_acknowledged_like_any_message()
    {
        var prices = Queue("prices", redeliverMilliseconds: 100) with { Channel = Unique("channel") };
        await using var store = await CreateAsync([prices]);
        await using var reader = store.Queues.OpenReader(prices.Name);
        IReadOnlyList<QueueEntry> entries = [];

        // Nothing is kept for a channel nobody listens to yet, so the publisher repeats itself until it is heard.
        await EventuallyAsync("a price to arrive", async () =>
        {
            await store.Board.PublishAsync(prices.Channel!, "101.5", Stop);
            entries = await reader.ReadAsync(10, TimeSpan.FromMilliseconds(50), Stop);
            return entries.Count > 0;
        });

        Assert.All(entries, entry => Assert.Equal("101.5", Text(entry.Payload)));
        await MustCommitAsync(store, new Commit { Acks = [.. entries.Select(entry => new QueueAck(prices.Name, entry.Id))] });
        await store.Board.PublishAsync(Unique("nobody"), "unheard", Stop);
    }

    private static async Task AckAllAsync(ITradingStore store, QueueDefinition queue, int count)
    {
        await using var reader = store.Queues.OpenReader(queue.Name);
        var entries = await ReadExactlyAsync(reader, count, $"all of {queue.Name}");
        await MustCommitAsync(store, new Commit { Acks = [.. entries.Select(entry => new QueueAck(queue.Name, entry.Id))] });
    }

    private static async Task<long> DepthAsync(ITradingStore store, QueueDefinition queue) =>
        (await store.GetStatusAsync(Stop)).QueueDepths.GetValueOrDefault(queue.Name);
}

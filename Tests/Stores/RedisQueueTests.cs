using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Streams;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>Queues lose nothing, keep their order and deliver again what stays unanswered.</summary>
public sealed class RedisQueueTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Messages_come_in_the_order_they_were_pushed(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        var sent = Enumerable.Range(0, 3000).Select(i => $"m{i}").ToArray();
        await store.Queues.PushAsync("signals", [.. sent.Take(2000).Select(Bytes)]);
        await using var reader = store.Queues.OpenReader("signals");
        await store.Queues.PushAsync("signals", [.. sent.Skip(2000).Select(Bytes)]);
        var taken = await reader.TakeAsync(sent.Length);
        Assert.Equal(sent, taken.Select(Text));
        Assert.All(taken, entry => Assert.Equal(1, entry.Deliveries));
        Assert.Equal(sent.Length, taken.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Second_source_key_feeds_the_same_queue()
    {
        await using var store = await OpenAsync(server);
        await using var reader = store.Queues.OpenReader("signals");
        await server.ExecuteAsync("LPUSH", "fast_signals", "f1", "f2");
        await server.ExecuteAsync("LPUSH", "strategy_signals", "s1", "s2");
        var taken = (await reader.TakeAsync(4)).ConvertAll(Text);
        Assert.Equal(["f1", "f2"], taken.Where(text => text[0] == 'f'));
        Assert.Equal(["s1", "s2"], taken.Where(text => text[0] == 's'));
    }

    [Fact]
    public async Task Reader_that_ends_midway_loses_nothing()
    {
        await using var store = await OpenAsync(server);
        var sent = Enumerable.Range(0, 2000).Select(i => $"m{i}").ToArray();
        var seen = new HashSet<string>();
        var pushing = Task.Run(async () =>
        {
            foreach (var part in sent.Chunk(20))
            {
                await store.Queues.PushAsync("signals", [.. part.Select(Bytes)]);
            }
        });
        for (var round = 0; round < 10; round++)
        {
            await using var reader = store.Queues.OpenReader("signals");
            var part = await reader.TakeAsync(50);
            await store.Partition("0").CommitAsync(
                [.. part.Select(entry => new Commit { Acks = [new QueueAck("signals", entry.Id)] })]);
            Assert.All(part, entry => Assert.True(seen.Add(Text(entry)), "Acknowledged, yet delivered again."));
        }

        await pushing;
        await using var last = store.Queues.OpenReader("signals");
        foreach (var entry in await last.TakeAsync(sent.Length - seen.Count))
        {
            Assert.True(seen.Add(Text(entry)), "Delivered twice to one reader.");
        }

        Assert.Equal(sent.Length, seen.Count);
    }

    [Fact]
    public async Task Entry_taken_by_an_earlier_reader_comes_first_with_its_count()
    {
        await using var store = await OpenAsync(server);
        await store.Queues.PushAsync("signals", [Bytes("a"), Bytes("b")]);
        string id;
        await using (var first = store.Queues.OpenReader("signals"))
        {
            id = (await first.TakeAsync(2))[0].Id;
        }

        await store.Queues.PushAsync("signals", [Bytes("c")]);
        await using var second = store.Queues.OpenReader("signals");
        var taken = await second.TakeAsync(3);
        Assert.Equal(["a", "b", "c"], taken.Select(Text));
        Assert.Equal([2, 2, 1], taken.Select(entry => entry.Deliveries));
        Assert.Equal(id, taken[0].Id);
    }

    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Entry_without_answer_is_delivered_again_until_it_has_one(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        await using var reader = store.Queues.OpenReader("quick");
        await store.Queues.PushAsync("quick", [Bytes("x")]);
        var taken = await reader.TakeAsync(3);
        Assert.Equal([1, 2, 3], taken.Select(entry => entry.Deliveries));
        Assert.Single(taken.Select(entry => entry.Id).Distinct());
        await store.CommitAsync(new Commit { Acks = [new QueueAck("quick", taken[0].Id)] });
        // One copy may have been taken before the answer; after it, nothing comes for twice the time of redelivery.
        await reader.ReadAsync(10, TimeSpan.Zero);
        Assert.Empty(await reader.ReadAsync(10, TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public async Task Source_key_of_another_type_does_not_stop_the_others()
    {
        await using var store = await OpenAsync(server);
        await server.ExecuteAsync("SET", "strategy_signals", "foreign");
        await using var reader = store.Queues.OpenReader("signals");
        await server.ExecuteAsync("LPUSH", "fast_signals", "f1");
        Assert.Equal("f1", Text((await reader.TakeAsync(1))[0]));
        await server.ExecuteAsync("DEL", "strategy_signals");
        await server.ExecuteAsync("LPUSH", "strategy_signals", "s1");
        Assert.Equal("s1", Text((await reader.TakeAsync(1))[0]));
    }

    [Fact]
    public async Task Stream_entry_without_data_becomes_an_object_of_its_fields()
    {
        await using var store = await OpenAsync(server, RedisTransport.Streams);
        await using var reader = store.Queues.OpenReader("signals");
        await server.ExecuteAsync("XADD", "te:{0}:signals", "*", "action", "buy", "note", "a \"b\"");
        Assert.Equal("""{"action":"buy","note":"a \"b\""}""", Text((await reader.TakeAsync(1))[0]));
    }

    [Fact]
    public async Task Large_and_binary_messages_pass_unchanged()
    {
        await using var store = await OpenAsync(server);
        var large = new byte[10_000_000];
        new Random(7).NextBytes(large);
        await using var reader = store.Queues.OpenReader("signals");
        await store.Queues.PushAsync("signals", [large, Bytes("small"), ReadOnlyMemory<byte>.Empty]);
        var taken = await reader.TakeAsync(3);
        Assert.True(taken[0].Payload.Span.SequenceEqual(large));
        Assert.Equal("small", Text(taken[1]));
        Assert.Equal(0, taken[2].Payload.Length);
    }

    [Fact]
    public async Task Slow_caller_bounds_what_is_taken_from_redis()
    {
        await using var store = await OpenAsync(server);
        await using var reader = store.Queues.OpenReader("signals");
        var part = Enumerable.Range(0, 20_000).Select(i => Bytes($"m{i}")).ToArray();
        await store.Queues.PushAsync("signals", part);
        var last = -1L;
        await UntilAsync("the reader to stop taking", async () =>
        {
            var before = last;
            last = (await server.ExecuteAsync("XLEN", "te:{0}:in:signals")).Integer;
            return last > 0 && last == before;
        });
        Assert.InRange(last, 1, 6000);
        Assert.Equal(part.Length, (await reader.TakeAsync(part.Length)).Count);
    }

    [Fact]
    public async Task Channel_queue_carries_messages_while_somebody_listens()
    {
        var activity = new QueueActivity();
        await using var store = await OpenAsync(server, activity: activity);
        await store.Queues.PushAsync("prices", [Bytes("nobody hears")]);
        await using var reader = store.Queues.OpenReader("prices");
        await store.Queues.PushAsync("prices", [Bytes("p1"), Bytes("p2")]);
        var taken = await reader.TakeAsync(2);
        Assert.Equal(["p1", "p2"], taken.Select(Text));
        Assert.Equal(["c-1", "c-2"], taken.Select(entry => entry.Id));
        Assert.Equal(2, activity.Outstanding);
        await store.CommitAsync(new Commit { Acks = [.. taken.Select(entry => new QueueAck("prices", entry.Id))] });
        await activity.WhenIdleAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task Flooded_channel_keeps_the_newest_of_each_subject_in_order()
    {
        var activity = new QueueActivity();
        await using var store = await OpenAsync(server, activity: activity);
        await using var reader = store.Queues.OpenReader("prices");
        await store.Queues.PushAsync("prices", [Bytes("quiet 1")]);
        for (var first = 0; first < 6_000; first += 1_000)
        {
            await store.Queues.PushAsync("prices", [.. Enumerable.Range(first, 1_000).Select(i => Bytes($"busy {i}"))]);
        }

        await store.Queues.PushAsync("prices", [Bytes("late 1")]);
        await UntilAsync("the flood to be heard", () => Task.FromResult(activity.Outstanding == ChannelQueueReader.Capacity));
        var taken = await reader.TakeAsync(ChannelQueueReader.Capacity);
        Assert.Equal(
            [
                "quiet 1",
                .. Enumerable.Range(0, 6_000).TakeLast(ChannelQueueReader.Capacity - 2).Select(i => $"busy {i}"),
                "late 1",
            ],
            taken.Select(Text));
    }

    [Fact]
    public async Task Activity_counts_what_a_commit_appends_and_answers()
    {
        var activity = new QueueActivity();
        await using var store = await OpenAsync(server, activity: activity);
        await using var reader = store.Queues.OpenReader("signals");
        await store.Queues.PushAsync("signals", [Bytes("a")]);
        await store.Queues.PushAsync("orders", [Bytes("not counted")]);
        Assert.Equal(1, activity.Outstanding);
        var ack = new QueueAck("signals", (await reader.TakeAsync(1))[0].Id);
        await store.CommitAsync(new Commit
        {
            Appends = [new QueueAppend("quick", "q", Bytes("b")), new QueueAppend("orders", "o", Bytes("c"))],
            Acks = [ack],
        });
        Assert.Equal(1, activity.Outstanding);
        await store.CommitAsync(new Commit { Acks = [ack] });
        Assert.Equal(1, activity.Outstanding);
        await using var quick = store.Queues.OpenReader("quick");
        var entry = (await quick.TakeAsync(1))[0];
        await store.CommitAsync(new Commit { Acks = [new QueueAck("quick", entry.Id)] });
        Assert.Equal(0, activity.Outstanding);
    }
}

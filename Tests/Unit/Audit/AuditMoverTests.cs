using System.Globalization;
using System.Reflection;
using TradingEngine.Grains.Audit;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Archive;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

#pragma warning disable xUnit1051 // Calls of a store in a directory of its own end by themselves.

namespace TradingEngine.Tests.Unit.Audit;

/// <summary>Audit and closed positions move to files whole and once, wherever the move is broken off.</summary>
public sealed class AuditMoverTests : IAsyncLifetime
{
    private const int Positions = 30;
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Later = Given.Now + Keep + Keep;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-mover-");
    private SqliteTradingStore _store = null!;
    private IPartitionStore _partition = null!;
    private SegmentFiles _files = null!;

    public async ValueTask InitializeAsync()
    {
        _files = new SegmentFiles(Path.Combine(_directory.FullName, "archive"));
        _store = new SqliteTradingStore(
            new SqliteStoreOptions
            {
                Directory = _directory.FullName, Synchronous = SqliteSynchronous.Off,
                Queues = [new() { Name = "orders", ListKeys = ["execution_orders"] }],
            },
            TimeProvider.System);
        await _store.OpenAsync();
        _partition = _store.Partition("0");
        for (var i = 0; i < Positions; i++)
        {
            await TradeAsync(i);
            if (i % 5 == 4)
            {
                await new AuditSealer(_partition).SealAsync(Given.Now);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_moved_is_gone_from_the_store_and_read_as_before()
    {
        await new AuditMover(_partition, _files).MoveAsync(Later, Keep);

        Assert.Empty(await _partition.ReadAuditAsync(null, 10));
        Assert.Null(await _partition.ReadAsync(PositionCommits.RecordKey("p1")));
        Assert.NotNull(await _partition.ReadAsync(PositionCommits.RecordKey("p0")));
        Assert.Single(_files.List());
        var archived = Assert.Single(await new AuditReader(_partition, _files).FindAsync(["p1"]));
        Assert.Equal(PositionPhase.Closed, DomainJson.ReadPosition(archived.Data.Span).Phase);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Position_that_learns_of_a_fill_after_it_closed_is_moved_too()
    {
        var state = await WriteAsync(null, PositionLifecycle.Open(Given.Opening() with { PositionId = "late" }, Given.Now), 0);
        state = await FillAsync(state, 1);
        state = await WriteAsync(state, PositionLifecycle.Close(state, "signal", null, Given.Now), 2);
        var leaving = state.Orders[^1].Order;
        state = await ReportAsync(state, Given.Report(leaving, OrderStatus.Cancelled, cumulative: leaving.Quantity), 3);
        Assert.Equal(PositionPhase.Closed, state.Phase);
        await new AuditSealer(_partition).SealAsync(Given.Now);
        await ReportAsync(state, Given.Report(leaving, OrderStatus.Filled, leaving.Quantity, 101m, "late", leaving.Quantity), 4);
        await new AuditSealer(_partition).SealAsync(Given.Now);

        await new AuditMover(_partition, _files).MoveAsync(Later, Keep);

        Assert.Null(await _partition.ReadAsync(PositionCommits.RecordKey("late")));
        var archived = Assert.Single(await new AuditReader(_partition, _files).FindAsync(["late"]));
        // A lot bought at 100 with 0.01 of commission, and sold at 101.
        Assert.Equal((5L, 0.99m), (archived.Version, DomainJson.ReadPosition(archived.Data.Span).Realized));
    }

    [Fact]
    public async Task What_is_not_old_enough_stays()
    {
        await new AuditMover(_partition, _files).MoveAsync(Given.Now + Keep, Keep);

        Assert.Empty(_files.List());
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Move_that_is_broken_off_at_any_call_loses_and_doubles_nothing()
    {
        var broken = 0;
        for (var calls = 0; ; calls++)
        {
            try
            {
                await new AuditMover(Faulty.After(_partition, calls), _files).MoveAsync(Later, Keep);
                break;
            }
            catch (StoreException)
            {
                broken++;
                await AssertWholeAsync();
            }
        }

        Assert.True(broken >= 5, $"{broken} places");
        Assert.Empty(await _partition.ReadAuditAsync(null, 10));
        Assert.Null(await _partition.ReadAsync(PositionCommits.RecordKey("p1")));
        Assert.Null(await _partition.ReadAsync(AuditHeads.SealKey(1)));
    }

    [Fact]
    public async Task Of_two_movers_one_moves()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
            Task.Run(() => new AuditMover(_partition, _files).MoveAsync(Later, Keep))));

        Assert.Equal(1, (await AuditHeads.ReadAsync(_partition)).Head.Segment);
        Assert.Single(_files.List());
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Broken_audit_stays_where_it_is()
    {
        var entries = await _partition.ReadAuditAsync(null, 2);
        await _partition.ForgetAsync(entries[0].Id, []);

        await Assert.ThrowsAsync<InvalidDataException>(() => new AuditMover(_partition, _files).MoveAsync(Later, Keep));

        Assert.Empty(_files.List());
        Assert.Equal(entries[1].Id, (await _partition.ReadAuditAsync(null, 1))[0].Id);
    }

    private async Task AssertWholeAsync()
    {
        var reader = new AuditReader(_partition, _files);
        var verifier = new AuditVerifier();
        var cursor = new AuditCursor();
        AuditPage page;
        do
        {
            page = await reader.ReadAsync(cursor, null);
            Assert.Null(page.Problem);
            foreach (var entry in page.Entries)
            {
                verifier.Take(entry.Sequence, entry.Id, entry.Line.Span, AuditLineJson.Read(entry.Line));
                foreach (var seal in page.Seals.Where(seal => seal.Last == entry.Sequence))
                {
                    verifier.Take(seal);
                }
            }

            cursor = page.Next;
        }
        while (!page.IsEnd);
        foreach (var record in await reader.FindAsync([.. verifier.Unproven.Select(item => item.Id)]))
        {
            verifier.TakeRecord(record.PositionId, record.Version, record.Data.Span);
        }

        verifier.Finish((await AuditHeads.ReadAsync(_partition)).Head.Sealed);
        Assert.Empty(verifier.Breaks);
        Assert.Equal((100L, Positions, Positions, 6L), (verifier.Entries, verifier.Positions, (int)verifier.Records, verifier.Seals));
    }

    /// <summary>Two of three positions are closed.</summary>
    private async Task TradeAsync(int number)
    {
        var opening = Given.Opening() with { PositionId = string.Create(CultureInfo.InvariantCulture, $"p{number}") };
        var state = await WriteAsync(null, PositionLifecycle.Open(opening, Given.Now), 0);
        state = await FillAsync(state, 1);
        if (number % 3 != 0)
        {
            state = await WriteAsync(state, PositionLifecycle.Close(state, "signal", null, Given.Now), 2);
            await FillAsync(state, 3);
        }
    }

    private Task<PositionState> FillAsync(PositionState state, long version)
    {
        var order = state.Orders[^1].Order;
        var report = Given.Report(order, OrderStatus.Filled, order.Quantity, 100m, "f" + order.OrderId, commission: 0.01m);
        return ReportAsync(state, report, version);
    }

    private Task<PositionState> ReportAsync(PositionState state, ExecutionReport report, long version) =>
        WriteAsync(state, PositionLifecycle.Apply(state, report, Given.Now).Transition, version);

    private async Task<PositionState> WriteAsync(PositionState? before, Transition transition, long version)
    {
        var (commit, state) = PositionCommits.Of(before, version, transition, "input", [], new EngineOptions());
        Assert.True((await _partition.CommitAsync([commit]))[0].IsCommitted);
        return state;
    }

    /// <summary>Lets some calls pass, and fails all others.</summary>
#pragma warning disable CA1852 // A proxy is made by deriving from it.
    private class Faulty : DispatchProxy
#pragma warning restore CA1852
    {
        private IPartitionStore _inner = null!;
        private int _left;

        public static IPartitionStore After(IPartitionStore inner, int calls)
        {
            var proxy = Create<IPartitionStore, Faulty>();
            var faulty = (Faulty)(object)proxy;
            faulty._inner = inner;
            faulty._left = calls;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _left-- > 0
            ? targetMethod!.Invoke(_inner, args)
            : throw new StoreException("The test broke it off.");
    }
}

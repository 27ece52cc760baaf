using System.Globalization;
using System.Text;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Unit.Audit;

/// <summary>What a store would hold of some positions: entries, seals and records, open to whoever edits them.</summary>
internal sealed class AuditedPositions
{
    private const int EntriesPerSeal = 7;

    public List<(string Id, byte[] Line)> Entries { get; } = [];

    public List<AuditSeal> Seals { get; } = [];

    public Dictionary<string, (long Version, byte[] Data)> Records { get; } = new(StringComparer.Ordinal);

    public AuditSeal? Head { get; private set; }

    /// <summary>Positions that are opened and filled; two of three are closed again, one of them at a profit.</summary>
    public static AuditedPositions Create(int count)
    {
        var store = new AuditedPositions();
        for (var i = 0; i < count; i++)
        {
            store.Trade(i);
        }

        while (store.Entries.Count > (store.Head?.Last ?? 0))
        {
            store.Seal();
        }

        return store;
    }

    public AuditVerifier Verify()
    {
        var verifier = new AuditVerifier();
        var seal = 0;
        for (var i = 0; i < Entries.Count; i++)
        {
            verifier.Take(i + 1, Entries[i].Id, Entries[i].Line, AuditLineJson.Read(Entries[i].Line));
            while (seal < Seals.Count && Seals[seal].Last <= i + 1)
            {
                verifier.Take(Seals[seal++]);
            }
        }

        for (; seal < Seals.Count; seal++)
        {
            verifier.Take(Seals[seal]);
        }

        foreach (var (id, _) in verifier.Unproven.ToList().Where(item => !Records.ContainsKey(item.Id)))
        {
            verifier.TakeAbsent(id);
        }

        foreach (var (id, record) in Records)
        {
            verifier.TakeRecord(id, record.Version, record.Data);
        }

        verifier.Finish(Head);
        return verifier;
    }

    public AuditReplay Replay()
    {
        var replay = new AuditReplay();
        foreach (var (_, line) in Entries)
        {
            replay.Take(AuditLineJson.Read(line)!);
        }

        return replay;
    }

    private void Trade(int number)
    {
        var opening = Given.Opening() with { PositionId = string.Create(CultureInfo.InvariantCulture, $"p{number}") };
        var state = Write(PositionLifecycle.Open(opening, Given.Now), 1);
        state = Fill(state, state.Orders[0].Order, 100.37m, 0.013m, 2);
        if (number % 3 != 0)
        {
            state = Write(PositionLifecycle.Close(state, "signal", null, Given.Now), 3);
            Fill(state, state.Orders[^1].Order, number % 2 == 0 ? 101.11m : 99.03m, 0.02m, 4);
        }
    }

    private PositionState Fill(PositionState state, Order order, decimal price, decimal commission, long version) =>
        Write(PositionLifecycle.Apply(
            state,
            Given.Report(order, OrderStatus.Filled, order.Quantity, price, "f" + order.OrderId, commission: commission),
            Given.Now).Transition, version);

    private PositionState Write(Transition transition, long version)
    {
        var (record, line, hash) = AuditLineJson.Write(transition, version, "input");
        Entries.Add((string.Create(CultureInfo.InvariantCulture, $"17-{Entries.Count}"), line));
        Records[transition.State.Id] = (version, record);
        var state = transition.State with { AuditHash = hash };
        return Encoding.UTF8.GetString(DomainJson.Write(state)) == Encoding.UTF8.GetString(record)
            ? state
            : throw new InvalidOperationException("The stamped record is not the state as it is written.");
    }

    private void Seal()
    {
        var part = Entries.Skip((int)(Head?.Last ?? 0)).Take(EntriesPerSeal).ToList();
        Head = AuditSeal.Next(Head, part[^1].Id, [.. part.Select(entry => AuditHash.OfEntry(entry.Id, entry.Line))], Given.Now);
        Seals.Add(Head);
    }
}

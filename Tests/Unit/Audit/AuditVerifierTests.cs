using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Audit;

/// <summary>Whatever is done to an audit shows, and nothing shows where nothing was done.</summary>
public sealed class AuditVerifierTests
{
    private const int Edits = 1_000;
    private const int Kinds = 10;

    [Fact]
    public void Audit_as_it_was_written_has_no_break()
    {
        var store = AuditedPositions.Create(40);
        var verifier = store.Verify();

        Assert.Empty(verifier.Breaks);
        Assert.Equal((store.Entries.Count, 40, 40, store.Seals.Count, 0),
            (verifier.Entries, verifier.Positions, verifier.Records, verifier.Seals, verifier.Unsealed));
    }

    [Fact]
    public void Every_edit_deletion_reordering_and_truncation_is_found()
    {
        const int seed = 20_261_123;
        var random = new Random(seed);
        for (var i = 0; i < Edits; i++)
        {
            var store = AuditedPositions.Create(12);
            var what = Edit(store, random, i % Kinds);
            Assert.True(store.Verify().BreakCount > 0, $"seed {seed}, edit {i} was not found: {what}");
        }
    }

    [Fact]
    public void Break_names_the_entry_and_the_position()
    {
        var store = AuditedPositions.Create(6);
        var index = store.Entries.FindIndex(entry => AuditLineJson.Read(entry.Line) is { PositionId: "p4", Version: 2 });
        store.Entries.RemoveAt(index);

        Assert.Contains(store.Verify().Breaks, item => item.PositionId == "p4" && item.Reason.Contains("follows version 1"));
    }

    [Fact]
    public void Refused_position_may_be_forgotten_and_an_open_one_may_not()
    {
        var store = AuditedPositions.Create(3);
        store.Records.Remove("p0");

        var found = Assert.Single(store.Verify().Breaks);
        Assert.Equal(("p0", "the position has no record"), (found.PositionId, found.Reason));
    }

    [Fact]
    public void Line_of_the_first_form_is_still_read()
    {
        var line = AuditLineJson.Read("""{"position":"p","version":1,"input":"s","previous":"","facts":[]}"""u8.ToArray())!;
        Assert.Equal((1, "p", 1L, null, null), (line.Format, line.PositionId, line.Version, line.Phase, line.Record));
        Assert.Null(AuditLineJson.Read("{}"u8.ToArray()));
        Assert.Null(AuditLineJson.Read("not json"u8.ToArray()));
    }

    [Fact]
    public void Replay_leads_to_every_record()
    {
        var store = AuditedPositions.Create(30);
        var replay = store.Replay();

        Assert.All(store.Records, pair => Assert.Empty(replay.Compare(DomainJson.ReadPosition(pair.Value.Data), pair.Value.Version)));
        Assert.Equal((50L, 30L, 0), (replay.Fills, replay.Compared, replay.Incomplete));
    }

    [Fact]
    public void Replay_names_what_differs()
    {
        var store = AuditedPositions.Create(2);
        var state = DomainJson.ReadPosition(store.Records["p1"].Data);
        var leg = state.Legs[0];
        var wrong = state with
        {
            Phase = PositionPhase.Open,
            Legs = [leg with { Ledger = leg.Ledger with { Realized = leg.Ledger.Realized + 0.01m } }],
        };

        Assert.Equal(["phase", "BTCUSD realized"], store.Replay().Compare(wrong, 4).Select(item => item.What));
    }

    private static string Edit(AuditedPositions store, Random random, int kind)
    {
        var entry = random.Next(store.Entries.Count);
        var position = store.Records.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(store.Records.Count));
        var seal = random.Next(store.Seals.Count);
        switch (kind)
        {
            case 0:
                store.Entries[entry] = (store.Entries[entry].Id, Damage(store.Entries[entry].Line, random));
                return $"a byte of entry {entry}";
            case 1:
                store.Entries.RemoveAt(entry);
                return $"entry {entry} removed";
            case 2:
                var other = (entry + 1 + random.Next(store.Entries.Count - 1)) % store.Entries.Count;
                (store.Entries[entry], store.Entries[other]) = (store.Entries[other], store.Entries[entry]);
                return $"entries {entry} and {other} exchanged";
            case 3:
                store.Entries.RemoveRange(entry, store.Entries.Count - entry);
                return $"cut at entry {entry}";
            case 4:
                store.Records[position] = (store.Records[position].Version, Damage(store.Records[position].Data, random));
                return $"a byte of {position}";
            case 5:
                store.Records.Remove(position);
                return $"{position} removed";
            case 6:
                store.Entries.Insert(random.Next(store.Entries.Count + 1), store.Entries[entry]);
                return $"entry {entry} repeated";
            case 7:
                store.Seals.RemoveAt(seal);
                return $"seal {seal} removed";
            case 8:
                store.Seals[seal] = store.Seals[seal] with { Time = store.Seals[seal].Time.AddTicks(1 + random.Next(1_000)) };
                return $"the time of seal {seal}";
            case 9:
                RemoveWhole(store, position);
                return $"{position} with all its entries removed";
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an edit.");
        }
    }

    private static void RemoveWhole(AuditedPositions store, string position)
    {
        store.Records.Remove(position);
        store.Entries.RemoveAll(entry => AuditLineJson.Read(entry.Line)!.PositionId == position);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = bytes.ToArray();
        damaged[random.Next(damaged.Length)] ^= (byte)(1 + random.Next(255));
        return damaged;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Audit;

/// <summary>A value of a position that the audit does not lead to.</summary>
/// <param name="PositionId">Position.</param>
/// <param name="What">Value, such as <c>BTCUSD quantity</c>.</param>
/// <param name="Audit">What the audit leads to.</param>
/// <param name="Record">What the record says.</param>
public sealed record AuditDifference(string PositionId, string What, string Audit, string Record);

/// <summary>
/// Works out positions from the audit alone: every recorded fill goes through the ledger once more, in the recorded
/// order. What comes out is compared with the records.
/// </summary>
public sealed class AuditReplay
{
    private readonly Dictionary<string, Book> _books = new(StringComparer.Ordinal);

    /// <summary>Fills applied.</summary>
    public long Fills { get; private set; }

    /// <summary>Positions compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Positions that cannot be worked out: their first line is of an older form, or not at hand.</summary>
    public int Incomplete => _books.Count(pair => pair.Value.Legs.IsEmpty);

    /// <summary>Applies a line.</summary>
    public void Take(AuditLine line)
    {
        if (line.PositionId == AuditLine.OfEngine)
        {
            return;
        }

        if (line.Version == 1)
        {
            _books[line.PositionId] = new Book(line.Legs);
        }
        else if (!_books.ContainsKey(line.PositionId))
        {
            _books[line.PositionId] = new Book([]);
        }

        var book = _books[line.PositionId];
        book.Version = line.Version;
        book.Phase = line.Phase;
        if (line.Format < AuditLine.NewestFormat)
        {
            book.Legs = [];
        }

        foreach (var fact in line.Facts)
        {
            if (!book.Legs.IsEmpty
                && fact is { Kind: FactKind.OrderFilled or FactKind.FillRepriced, Side: { } side, Quantity: { } quantity, Price: { } price })
            {
                Fills++;
                book.Change(fact.Symbol, leg => fact.Kind == FactKind.OrderFilled
                    ? leg.Fill(side, quantity, price, fact.Commission ?? 0m)
                    : leg.Reprice(side, quantity, fact.Counted ?? price, price, fact.Commission ?? 0m));
            }
        }
    }

    /// <summary>Compares a record with what its lines lead to; empty where they agree or nothing can be said.</summary>
    public ImmutableArray<AuditDifference> Compare(PositionState state, long version)
    {
        if (_books.GetValueOrDefault(state.Id) is not { } book || book.Legs.IsEmpty)
        {
            return [];
        }

        Compared++;
        var found = ImmutableArray.CreateBuilder<AuditDifference>();
        void Check(string what, object? audit, object? record)
        {
            if (!Equals(audit, record))
            {
                found.Add(new AuditDifference(state.Id, what, Text(audit), Text(record)));
            }
        }

        Check("version", book.Version, version);
        Check("phase", book.Phase, state.Phase);
        Check("legs", book.Legs.Length, state.Legs.Length);
        foreach (var leg in state.Legs)
        {
            var own = book.Legs.FirstOrDefault(other => other.Symbol == leg.Symbol)?.Ledger ?? new LegLedger();
            Check($"{leg.Symbol} quantity", own.Quantity, leg.Ledger.Quantity);
            Check($"{leg.Symbol} average open", own.AverageOpen, leg.Ledger.AverageOpen);
            Check($"{leg.Symbol} average close", own.AverageClose, leg.Ledger.AverageClose);
            Check($"{leg.Symbol} realized", own.Realized, leg.Ledger.Realized);
            Check($"{leg.Symbol} commissions", own.Commissions, leg.Ledger.Commissions);
        }

        if (state.IsFinal)
        {
            Check("held at the end", book.Legs.Sum(leg => Math.Abs(leg.Ledger.Quantity)), 0m);
        }

        return found.ToImmutable();
    }

    /// <summary>Gives back what is known of a position that is over and was compared.</summary>
    public void Forget(string positionId) => _books.Remove(positionId);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private sealed class Book(ImmutableArray<PositionLeg> legs)
    {
        public ImmutableArray<PositionLeg> Legs { get; set; } = legs;

        public long Version { get; set; }

        public PositionPhase? Phase { get; set; }

        public void Change(string? symbol, Func<PositionLeg, PositionLeg> change)
        {
            for (var i = 0; i < Legs.Length; i++)
            {
                if (Legs[i].Symbol == symbol)
                {
                    Legs = Legs.SetItem(i, change(Legs[i]));
                    return;
                }
            }
        }
    }
}

using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>
/// Quantity and money of one instrument: same-side fills add to the average open price, opposite ones leave it and
/// build the average close price. Realised P&amp;L is per cycle from open to flat, net of commissions. Both averages are
/// quantity-weighted arithmetic means, of inverse contracts too, rounded to 20 decimals, halves to the even digit;
/// money is rounded by <see cref="ContractTerms.Round"/> at each fill.
/// </summary>
public sealed record LegLedger
{
    // Cuts the 1.999…9 that dividing leaves, and is finer than any price.
    private const int AverageDecimals = 20;

    /// <summary>Signed lots held: positive long, negative short.</summary>
    public decimal Quantity { get; init; }

    /// <summary>Side of the fill that began this cycle; null before the first.</summary>
    public Side? OpenedBy { get; init; }

    /// <summary>Average price of the lots held; kept when reduced or flat, 0 before the first fill.</summary>
    public decimal AverageOpen { get; init; }

    /// <summary>Average price of the closing fills of this cycle; 0 before the first.</summary>
    public decimal AverageClose { get; init; }

    /// <summary>Lots opened in this cycle.</summary>
    public decimal OpenedQuantity { get; init; }

    /// <summary>Lots closed in this cycle.</summary>
    public decimal ClosedQuantity { get; init; }

    /// <summary>Realised P&amp;L of this cycle, commissions taken off.</summary>
    public decimal Realized { get; init; }

    /// <summary>Commissions of this cycle; positive costs.</summary>
    public decimal Commissions { get; init; }

    /// <summary>
    /// Return of this cycle's prices, a fraction: (average close − average open) / average open, with the sign turned for a
    /// short; null before the first closing fill. A statistic and no money, hence a double: each operation is in doubles.
    /// </summary>
    public double? PriceReturn()
    {
        if (ClosedQuantity == 0m)
        {
            return null;
        }

        var rise = ((double)AverageClose - (double)AverageOpen) / (double)AverageOpen;
        return OpenedBy == Side.Sell ? -rise : rise;
    }

    /// <summary>Profit of holding <paramref name="quantity"/> lots (signed) from <paramref name="open"/> to
    /// <paramref name="close"/>, in the settlement currency, not rounded.</summary>
    public static decimal Profit(ContractTerms terms, decimal quantity, decimal open, decimal close)
    {
        var linear = quantity * terms.ContractSize * (close - open);
        // 1/open − 1/close, divided last: two rounded reciprocals would differ by less than their error.
        return terms.IsInverse ? linear / open / close : linear;
    }

    /// <summary>Unrealised P&amp;L at a mark: the bid for a long, the ask for a short. Commissions are in the realised one.</summary>
    public decimal Unrealized(ContractTerms terms, decimal mark) =>
        Quantity == 0m ? 0m : terms.Round(Profit(terms, Quantity, AverageOpen, mark));

    /// <summary>
    /// Counts a fill. One that goes beyond flat is split into a closing and an opening part, with the commission pro rata;
    /// the opening part begins a new cycle and the finished cycle is returned beside it.
    /// </summary>
    /// <param name="terms">Contract terms.</param>
    /// <param name="side">Side of the fill.</param>
    /// <param name="quantity">Lots, positive.</param>
    /// <param name="price">Price, positive.</param>
    /// <param name="commission">Cost in the settlement currency (<see cref="ContractTerms.CommissionOf"/>); positive costs.</param>
    /// <returns>The ledger after the fill, and the cycle it ended on a flip, else null.</returns>
    public (LegLedger Ledger, LegLedger? Ended) Apply(
        ContractTerms terms, Side side, decimal quantity, decimal price, decimal commission)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(price);
        var signed = side == Side.Buy ? quantity : -quantity;
        var cost = terms.Round(commission);
        if (Quantity == 0m || Math.Sign(Quantity) == Math.Sign(signed))
        {
            var from = Quantity == 0m ? new LegLedger { OpenedBy = side } : this;
            return (from.Add(signed, price, cost), null);
        }

        if (quantity <= Math.Abs(Quantity))
        {
            return (Reduce(terms, signed, price, cost), null);
        }

        var closingCost = terms.Round(cost * (Math.Abs(Quantity) / quantity));
        var ended = Reduce(terms, -Quantity, price, closingCost);
        var opened = new LegLedger { OpenedBy = side }.Add(signed + Quantity, price, cost - closingCost);
        return (opened, ended);
    }

    /// <summary>
    /// Corrects the money of a fill that was counted at another price: realised P&amp;L takes the difference, so that with the
    /// unrealised one it is what the fill's true price makes it. Averages stay: which lots were closed meanwhile is not known.
    /// </summary>
    /// <param name="terms">Contract terms.</param>
    /// <param name="side">Side of the fill.</param>
    /// <param name="quantity">Its lots, positive.</param>
    /// <param name="counted">Price it was counted at, positive.</param>
    /// <param name="price">Its true price, positive.</param>
    /// <param name="commission">Cost in the settlement currency that was not counted yet; positive costs.</param>
    public LegLedger Reprice(
        ContractTerms terms, Side side, decimal quantity, decimal counted, decimal price, decimal commission)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(price);
        var cost = terms.Round(commission);
        return this with
        {
            Realized = Realized + terms.Round(Profit(terms, side == Side.Buy ? quantity : -quantity, price, counted)) - cost,
            Commissions = Commissions + cost,
        };
    }

    private LegLedger Add(decimal signed, decimal price, decimal cost) => this with
    {
        Quantity = Quantity + signed,
        AverageOpen = Average(Math.Abs(Quantity), AverageOpen, Math.Abs(signed), price),
        OpenedQuantity = OpenedQuantity + Math.Abs(signed),
        Realized = Realized - cost,
        Commissions = Commissions + cost,
    };

    private LegLedger Reduce(ContractTerms terms, decimal signed, decimal price, decimal cost) => this with
    {
        Quantity = Quantity + signed,
        // A record of an earlier version does not say it.
        OpenedBy = OpenedBy ?? (Quantity > 0m ? Side.Buy : Side.Sell),
        AverageClose = Average(ClosedQuantity, AverageClose, Math.Abs(signed), price),
        ClosedQuantity = ClosedQuantity + Math.Abs(signed),
        Realized = Realized + terms.Round(Profit(terms, -signed, AverageOpen, price)) - cost,
        Commissions = Commissions + cost,
    };

    private static decimal Average(decimal lots, decimal average, decimal more, decimal price) => lots == 0m
        ? price
        : Math.Round(((average * lots) + (price * more)) / (lots + more), AverageDecimals, MidpointRounding.ToEven);
}

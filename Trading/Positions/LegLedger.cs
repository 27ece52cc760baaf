using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>What a fill is settled in and how.</summary>
/// <param name="ContractSize">Units per lot, positive.</param>
/// <param name="IsInverse">True where profit is in the base currency: quantity · size · (1/open − 1/close).</param>
/// <param name="MoneyDecimals">Decimals of the settlement currency, to which money is rounded at each fill.</param>
public sealed record ContractTerms(decimal ContractSize = 1m, bool IsInverse = false, int MoneyDecimals = 8);

/// <summary>
/// Quantity and money of one instrument: same-side fills add to the average open price, opposite ones leave it and
/// build the average close price. Realised P&amp;L is per cycle from open to flat, net of commissions.
/// </summary>
public sealed record LegLedger
{
    /// <summary>Signed lots held: positive long, negative short.</summary>
    public decimal Quantity { get; init; }

    /// <summary>Average price of the opening fills of this cycle; kept when flat, 0 before the first.</summary>
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

    /// <summary>Profit of holding <paramref name="quantity"/> lots (signed) from <paramref name="open"/> to <paramref name="close"/>.</summary>
    public static decimal Profit(ContractTerms terms, decimal quantity, decimal open, decimal close) =>
        terms.IsInverse
            ? quantity * terms.ContractSize * ((1m / open) - (1m / close))
            : quantity * terms.ContractSize * (close - open);

    /// <summary>Unrealised P&amp;L at a mark: the bid for a long, the ask for a short.</summary>
    public decimal Unrealized(ContractTerms terms, decimal mark) =>
        Quantity == 0m ? 0m : Math.Round(Profit(terms, Quantity, AverageOpen, mark), terms.MoneyDecimals);

    /// <summary>
    /// Counts a fill. One that goes beyond flat is split into a closing and an opening part, with the commission pro rata;
    /// the opening part begins a new cycle and the finished cycle is returned beside it.
    /// </summary>
    /// <param name="terms">Contract terms.</param>
    /// <param name="side">Side of the fill.</param>
    /// <param name="quantity">Lots, positive.</param>
    /// <param name="price">Price, positive.</param>
    /// <param name="commission">Cost in the settlement currency.</param>
    /// <returns>The ledger after the fill, and the cycle it ended on a flip, else null.</returns>
    public (LegLedger Ledger, LegLedger? Ended) Apply(
        ContractTerms terms, Side side, decimal quantity, decimal price, decimal commission)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(price);
        var signed = side == Side.Buy ? quantity : -quantity;
        if (Quantity == 0m || Math.Sign(Quantity) == Math.Sign(signed))
        {
            var from = Quantity == 0m ? new LegLedger() : this;
            return (from.Add(terms, signed, price, commission), null);
        }

        if (quantity <= Math.Abs(Quantity))
        {
            return (Reduce(terms, signed, price, commission), null);
        }

        var closing = Math.Abs(Quantity);
        var closingCommission = Math.Round(commission * closing / quantity, terms.MoneyDecimals);
        var ended = Reduce(terms, -Quantity, price, closingCommission);
        var opened = new LegLedger().Add(terms, signed + Quantity, price, commission - closingCommission);
        return (opened, ended);
    }

    private LegLedger Add(ContractTerms terms, decimal signed, decimal price, decimal commission)
    {
        var opened = OpenedQuantity + Math.Abs(signed);
        var cost = Math.Round(commission, terms.MoneyDecimals);
        return this with
        {
            Quantity = Quantity + signed,
            AverageOpen = Average(terms, Math.Abs(Quantity), AverageOpen, Math.Abs(signed), price),
            OpenedQuantity = opened,
            Realized = Realized - cost,
            Commissions = Commissions + cost,
        };
    }

    /// <summary>
    /// The one price at which all lots are worth what they were traded for: the quantity-weighted mean, and for an inverse
    /// contract, which is worth 1/price, the harmonic one. Any other would make or lose money by averaging.
    /// </summary>
    private static decimal Average(ContractTerms terms, decimal lots, decimal average, decimal more, decimal price) =>
        lots == 0m ? price
        : terms.IsInverse ? (lots + more) / ((lots / average) + (more / price))
        : ((average * lots) + (price * more)) / (lots + more);

    private LegLedger Reduce(ContractTerms terms, decimal signed, decimal price, decimal commission)
    {
        var lots = Math.Abs(signed);
        var closed = ClosedQuantity + lots;
        var cost = Math.Round(commission, terms.MoneyDecimals);
        var profit = Math.Round(Profit(terms, -signed, AverageOpen, price), terms.MoneyDecimals);
        return this with
        {
            Quantity = Quantity + signed,
            AverageClose = Average(terms, ClosedQuantity, AverageClose, lots, price),
            ClosedQuantity = closed,
            Realized = Realized + profit - cost,
            Commissions = Commissions + cost,
        };
    }
}

using CsCheck;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Random fills of a position that may be long and short in turn: what it holds and what it earned.</summary>
public sealed class FillSequenceTests
{
    private static readonly Gen<(int Lots, int Cents, int Commission, int Copies)[]> s_fills = Gen.Select(
        Gen.Int[-400, 400].Where(lots => lots != 0), Gen.Int[5_000, 15_000], Gen.Int[0, 500], Gen.Int[1, 3]).Array[1, 25];

    [Fact]
    public void Quantity_is_the_sum_of_distinct_fills_and_money_is_conserved() =>
        Gen.Select(s_fills, Gen.Int[0, int.MaxValue]).Sample((fills, seed) =>
        {
            var life = new Life(Given.Quote(1_000_000m));
            var arrivals = fills.SelectMany((fill, i) => Enumerable.Repeat(ReportOf(life, fill.Lots, fill.Cents, fill.Commission, i), fill.Copies))
                .ToArray();
            new Random(seed).Shuffle(arrivals);
            foreach (var report in arrivals)
            {
                life.Report(report);
            }

            Assert.Equal(fills.Sum(fill => fill.Lots) / 100m, life.Quantity);
            CheckMoney(life, fills.Sum(fill => (-fill.Lots * fill.Cents / 10_000m) - (fill.Commission / 100m)), fills.Length);

            // Brought to flat, all of it is realised.
            var left = -fills.Sum(fill => fill.Lots);
            if (left != 0)
            {
                life.Report(ReportOf(life, left, 9_999, 0, fills.Length));
                CheckMoney(life, fills.Sum(fill => (-fill.Lots * fill.Cents / 10_000m) - (fill.Commission / 100m))
                    - (left * 99.99m / 100m), fills.Length + 1);
            }
        }, iter: 10_000);

    [Fact]
    public void Flip_is_a_close_and_an_opening() => Gen.Select(
        Gen.Int[1, 400], Gen.Int[1, 400], Gen.Int[5_000, 15_000], Gen.Int[5_000, 15_000], Gen.Int[0, 500], Gen.Bool).Sample(
        (held, beyond, first, second, commission, isLong) =>
        {
            var sign = isLong ? 1 : -1;
            var (whole, parts) = (new Life(Given.Quote(1_000m)), new Life(Given.Quote(1_000m)));
            whole.Report(ReportOf(whole, sign * held, first, 0, 0));
            parts.Report(ReportOf(parts, sign * held, first, 0, 0));

            whole.Report(ReportOf(whole, -sign * (held + beyond), second, commission, 1));
            var closing = Math.Round(commission / 100m * held / (held + beyond), 8);
            parts.Report(ReportOf(parts, -sign * held, second, 0, 1) with { Commission = closing });
            parts.Report(ReportOf(parts, -sign * beyond, second, 0, 2) with { Commission = (commission / 100m) - closing });

            var (one, two) = (whole.State.Legs[0].Ledger, parts.State.Legs[0].Ledger);
            Assert.Equal((two.Quantity, two.AverageOpen, two.Realized, two.Commissions, two.OpenedQuantity),
                (one.Quantity, one.AverageOpen, one.Realized, one.Commissions, one.OpenedQuantity));
        }, iter: 10_000);

    /// <summary>What was paid and what is held at a mark make what was earned, to a unit of rounding a fill.</summary>
    private static void CheckMoney(Life life, decimal cash, int fills)
    {
        var leg = life.State.Legs[0];
        var earned = leg.Ledger.Realized + leg.Ledger.Unrealized(leg.Terms, 77m);
        Assert.InRange(earned - cash - (leg.Ledger.Quantity * 77m), -fills * 0.00000001m, fills * 0.00000001m);
    }

    private static ExecutionReport ReportOf(Life life, int lots, int cents, int commission, int number) => Given.Report(
        life.Sent[lots > 0 ? 0 : 1], OrderStatus.PartiallyFilled, Math.Abs(lots) / 100m, cents / 100m, $"f{number}",
        commission: commission / 100m);
}

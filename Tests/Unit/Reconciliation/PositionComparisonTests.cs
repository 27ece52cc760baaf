using TradingEngine.Trading.Reconciliation;
using Xunit;

namespace TradingEngine.Tests.Unit.Reconciliation;

public sealed class PositionComparisonTests
{
    private static readonly Holding s_holding = new("default", "BTCUSD");

    [Theory]
    [InlineData("1/1 1/1", "")]
    [InlineData("1/2", "")]
    [InlineData("1/2 1/2", "1/2")]
    [InlineData("1/2 2/2 1/2", "")]
    [InlineData("1/2 1/3", "")]
    [InlineData("1/2 1/2 1/3", "1/3")]
    [InlineData("1/2 1/2 2/2", "")]
    [InlineData("1/0 1/0", "1/0")]
    [InlineData("0/1 0/1", "0/1")]
    [InlineData("-1/1 -1/1", "-1/1")]
    public void Difference_is_believed_when_it_shows_twice_in_a_row_until_an_answer_shows_none(string answers, string expected)
    {
        var comparison = answers.Split(' ').Aggregate(PositionComparison.None, (comparison, answer) =>
        {
            var (engine, venue) = (Of(answer.Split('/')[0]), Of(answer.Split('/')[1]));
            return comparison.Take(engine, venue);
        });

        Assert.Equal(expected, string.Join(' ', comparison.Breaks.Values.Select(found => $"{found.Engine}/{found.Venue}")));
    }

    /// <summary>What is 0 is left out, as agents may.</summary>
    private static Dictionary<Holding, decimal> Of(string lots) =>
        lots == "0" ? [] : new() { [s_holding] = decimal.Parse(lots, System.Globalization.CultureInfo.InvariantCulture) };
}

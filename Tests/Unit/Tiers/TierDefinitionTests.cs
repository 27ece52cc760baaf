using TradingEngine.Trading.Tiers;
using Xunit;

namespace TradingEngine.Tests.Unit.Tiers;

/// <summary>Tiers beside the four, as a setting says them.</summary>
public sealed class TierDefinitionTests
{
    private static readonly TierJobRegistry Registry = new();

    [Fact]
    public void Setting_is_read()
    {
        var tiers = TierDefinition.Parse(
            "hourly=01:00:00,queue=hourly_requests,jobs=exposure_report; quick=00:00:00.25,jobs=exposure_report+exposure_report", Registry);

        Assert.Equal(2, tiers.Length);
        Assert.Equal((5, "hourly", TimeSpan.FromHours(1), "hourly_requests"), (tiers[0].Number, tiers[0].Name, tiers[0].Period, tiers[0].Queue));
        Assert.Equal(["exposure_report"], tiers[0].Jobs);
        Assert.Equal((6, "quick", TimeSpan.FromMilliseconds(250), null), (tiers[1].Number, tiers[1].Name, tiers[1].Period, tiers[1].Queue));
        Assert.Empty(TierDefinition.Parse("", Registry));
    }

    [Theory]
    [InlineData("hourly", "period of tier hourly is ''")]
    [InlineData("hourly=soon,jobs=exposure_report", "'soon'")]
    [InlineData("hourly=00:00:00.049,jobs=exposure_report", "'00:00:00.049'")]
    [InlineData("hourly=7.00:00:01,jobs=exposure_report", "'7.00:00:01'")]
    [InlineData("hourly=01:00:00", "has no jobs")]
    [InlineData("hourly=01:00:00,jobs=nothing", "'nothing'; use one of exposure_report")]
    [InlineData("hourly=01:00:00,work=exposure_report", "says 'work'; use queue or jobs")]
    [InlineData("hourly=01:00:00,queue=A B,jobs=exposure_report", "'A B'")]
    [InlineData("Hourly=01:00:00,jobs=exposure_report", "'Hourly'")]
    [InlineData("fast=01:00:00,jobs=exposure_report", "there is a tier fast already")]
    [InlineData("a=01:00:00,jobs=exposure_report;a=02:00:00,jobs=exposure_report", "there is a tier a already")]
    public void Setting_that_says_something_else_is_refused_with_part_and_value(string text, string says)
    {
        var refused = Assert.Throws<FormatException>(() => TierDefinition.Parse(text, Registry));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Job_of_a_taken_name_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Registry.Register(new ExposureReport()));
        Assert.Null(Registry.Find("nothing"));
        Assert.Equal(["exposure_report"], Registry.Names);
    }
}

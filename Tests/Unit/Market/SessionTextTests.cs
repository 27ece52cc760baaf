using NodaTime;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

/// <summary>Weeks and holidays as people write them.</summary>
public sealed class SessionTextTests
{
    [Fact]
    public void Week_is_always_never_or_a_zone_with_sessions()
    {
        Assert.Equal(TradingWeek.NewYork, TradingWeekFormat.Parse("America/New_York Sun 17:00-Fri 17:00"));
        Assert.True(TradingWeekFormat.Parse("ALWAYS").IsAlways);
        Assert.False(TradingWeekFormat.Parse("never").IsOpen(Instant.FromUtc(2026, 3, 2, 12, 0)));
        Assert.Equal(5, TradingWeekFormat.Parse("America/New_York mon-FRI 09:30-16:00").Sessions.Length);
        Assert.Equal(
            new WeeklySession(IsoDayOfWeek.Sunday, new LocalTime(18, 0), IsoDayOfWeek.Monday, LocalTime.Midnight),
            Assert.Single(TradingWeekFormat.Parse("UTC Sun 18:00-24:00").Sessions));
    }

    [Theory]
    [InlineData("", "no time zone")]
    [InlineData("Mars/Olympus Mon 09:00-10:00", "Mars/Olympus")]
    [InlineData("UTC", "no session")]
    [InlineData("UTC Mon", "no session")]
    [InlineData("UTC Moonday 09:00-10:00", "Moonday")]
    [InlineData("UTC Mon 9-10", "'9'")]
    [InlineData("UTC Mon 25:00-26:00", "25:00")]
    [InlineData("UTC Mon-Tue-Wed 09:00-10:00", "Mon-Tue-Wed")]
    [InlineData("UTC Mon 09:00-10:00,", "no session")]
    public void Week_that_says_something_else_is_refused_by_name(string text, string names) =>
        Assert.Contains(names, Assert.Throws<FormatException>(() => TradingWeekFormat.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Holidays_are_lines_of_date_class_and_closing()
    {
        var table = HolidayTable.Parse(
            ["\uFEFFdate,class,closes", "# shares", "", "2026-12-25, Stocks, closed", "2026-11-27,stocks,13:00\r", "2026-12-25,forex,closed"]);

        Assert.Equal(3, table.Count);
        Assert.True(table.TryFind(AssetClass.Stocks, new LocalDate(2026, 12, 25), out var whole));
        Assert.Null(whole);
        Assert.True(table.TryFind(AssetClass.Stocks, new LocalDate(2026, 11, 27), out var early));
        Assert.Equal(new LocalTime(13, 0), early);
        Assert.False(table.TryFind(AssetClass.Energy, new LocalDate(2026, 12, 25), out _));
    }

    [Theory]
    [InlineData("2026-12-25,stocks", "line 2")]
    [InlineData("2026-02-30,stocks,closed", "2026-02-30")]
    [InlineData("25.12.2026,stocks,closed", "25.12.2026")]
    [InlineData("2026-12-25,bonds,closed", "bonds")]
    [InlineData("2026-12-25,stocks,shut", "shut")]
    [InlineData("2026-12-25,stocks,25:00", "25:00")]
    [InlineData("2026-01-01,stocks,closed", "earlier line")]
    public void Line_that_cannot_be_read_is_named_by_its_number(string line, string names)
    {
        var wrong = Assert.Throws<FormatException>(() => HolidayTable.Parse(["2026-01-01,stocks,closed", line])).Message;

        Assert.StartsWith("line 2", wrong, StringComparison.Ordinal);
        Assert.Contains(names, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Early_close_ends_the_day_and_the_next_one_opens_again()
    {
        var calendar = new SessionCalendar
        {
            Weeks = SessionCalendar.Default.Weeks.SetItem(
                AssetClass.Stocks, TradingWeekFormat.Parse("America/New_York Mon-Fri 09:30-16:00")),
            Holidays = HolidayTable.Parse(["2026-11-26,stocks,closed", "2026-11-27,stocks,13:00"]),
        };
        var wednesday = new DateTimeOffset(2026, 11, 25, 20, 0, 0, TimeSpan.Zero);

        var close = calendar.NextClose(AssetClass.Stocks, wednesday);
        Assert.Equal(wednesday.AddHours(1), close);
        var friday = calendar.NextOpen(AssetClass.Stocks, close!.Value);
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 14, 30, 0, TimeSpan.Zero), friday);
        Assert.Equal(friday!.Value.AddHours(3.5), calendar.NextClose(AssetClass.Stocks, friday.Value));
        Assert.Equal(
            new DateTimeOffset(2026, 11, 30, 14, 30, 0, TimeSpan.Zero), calendar.NextOpen(AssetClass.Stocks, friday.Value));
    }
}

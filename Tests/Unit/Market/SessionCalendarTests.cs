using NodaTime;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

public sealed class SessionCalendarTests
{
    private static readonly SessionCalendar s_calendar = SessionCalendar.Default;

    // Fridays and the Sunday after, with the UTC hour at which New York shows 17:00 on each: 22 in winter, 21 in summer.
    [Theory]
    [InlineData("2014-05-09", 21, 21)]
    [InlineData("2018-01-05", 22, 22)]
    [InlineData("2019-03-08", 22, 21)]
    [InlineData("2019-11-01", 21, 22)]
    [InlineData("2020-03-06", 22, 21)]
    [InlineData("2020-10-30", 21, 22)]
    [InlineData("2021-03-12", 22, 21)]
    [InlineData("2022-07-01", 21, 21)]
    [InlineData("2023-11-03", 21, 22)]
    [InlineData("2024-03-08", 22, 21)]
    [InlineData("2025-12-26", 22, 22)]
    [InlineData("2026-03-06", 22, 21)]
    [InlineData("2026-10-30", 21, 22)]
    public void Currency_week_ends_and_begins_at_five_in_New_York(string friday, int closeHour, int openHour)
    {
        var date = DateTimeOffset.Parse(friday + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var (close, open) = (date.AddHours(closeHour), date.AddDays(2).AddHours(openHour));
        foreach (var assetClass in new[] { AssetClass.Forex, AssetClass.Indices, AssetClass.Stocks, AssetClass.Energy })
        {
            Assert.True(s_calendar.IsOpen(assetClass, close.AddTicks(-1)));
            Assert.False(s_calendar.IsOpen(assetClass, close));
            Assert.False(s_calendar.IsOpen(assetClass, open.AddTicks(-1)));
            Assert.True(s_calendar.IsOpen(assetClass, open));
            Assert.Equal(close, s_calendar.NextClose(assetClass, close.AddDays(-2)));
            Assert.Equal(open, s_calendar.NextOpen(assetClass, close));
            Assert.Equal(open, s_calendar.NextOpen(assetClass, close.AddDays(-2)));
            Assert.True(s_calendar.NextClose(assetClass, close) > open.AddDays(4));
        }
    }

    [Fact]
    public void Currency_week_is_open_exactly_when_New_York_says_so_over_several_years()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var end = Instant.FromUtc(2027, 1, 1, 0, 0);
        for (var now = Instant.FromUtc(2019, 1, 1, 0, 30); now < end; now += Duration.FromHours(1))
        {
            var local = now.InZone(zone);
            var expected = local.DayOfWeek switch
            {
                IsoDayOfWeek.Friday => local.Hour < 17,
                IsoDayOfWeek.Saturday => false,
                IsoDayOfWeek.Sunday => local.Hour >= 17,
                _ => true,
            };
            Assert.Equal(expected, s_calendar.IsOpen(AssetClass.Forex, now));
        }
    }

    [Theory]
    [InlineData(AssetClass.Crypto)]
    [InlineData(AssetClass.CryptoCross)]
    public void Crypto_never_closes(AssetClass assetClass)
    {
        var saturday = new DateTimeOffset(2026, 8, 22, 12, 0, 0, TimeSpan.Zero);
        Assert.True(s_calendar.IsOpen(assetClass, saturday));
        Assert.Null(s_calendar.NextClose(assetClass, saturday));
        Assert.Null(s_calendar.NextOpen(assetClass, saturday));
    }

    [Fact]
    public void Unknown_class_never_opens()
    {
        var now = new DateTimeOffset(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);
        Assert.False(s_calendar.IsOpen(AssetClass.Unknown, now));
        Assert.Null(s_calendar.NextOpen(AssetClass.Unknown, now));
    }

    [Fact]
    public void Holiday_is_closed_from_midnight_to_midnight_of_its_place()
    {
        var calendar = s_calendar with
        {
            Holidays = HolidayTable.None.With(AssetClass.Stocks, new LocalDate(2025, 12, 25)),
        };
        var start = new DateTimeOffset(2025, 12, 25, 5, 0, 0, TimeSpan.Zero);
        Assert.True(calendar.IsOpen(AssetClass.Stocks, start.AddTicks(-1)));
        Assert.False(calendar.IsOpen(AssetClass.Stocks, start));
        Assert.True(calendar.IsOpen(AssetClass.Forex, start));
        Assert.Equal(start, calendar.NextClose(AssetClass.Stocks, start.AddHours(-5)));
        Assert.Equal(start.AddDays(1), calendar.NextOpen(AssetClass.Stocks, start));
    }

    [Fact]
    public void Week_of_one_day_opens_and_closes_on_it()
    {
        var week = new TradingWeek(
            IsoDayOfWeek.Monday, new LocalTime(9, 0), IsoDayOfWeek.Monday, new LocalTime(17, 0), DateTimeZone.Utc);
        var calendar = s_calendar with { Weeks = s_calendar.Weeks.SetItem(AssetClass.Stocks, week) };
        var monday = new DateTimeOffset(2026, 8, 17, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(monday.AddHours(9), calendar.NextOpen(AssetClass.Stocks, monday));
        Assert.Equal(monday.AddHours(17), calendar.NextClose(AssetClass.Stocks, monday));
        Assert.False(calendar.IsOpen(AssetClass.Stocks, monday.AddDays(1).AddHours(10)));
    }
}

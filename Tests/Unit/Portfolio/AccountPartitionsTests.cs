using System.Globalization;
using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>Where an account lives must be the same for ever.</summary>
public sealed class AccountPartitionsTests
{
    [Theory]
    [InlineData("default", 1, "0")]
    [InlineData("default", 4, "1")]
    [InlineData("Default", 4, "2")]
    [InlineData("desk-7", 64, "28")]
    [InlineData("conta-ção", 64, "34")]
    public void Account_has_the_partition_it_always_had(string account, int partitions, string expected) =>
        Assert.Equal(expected, AccountPartitions.Of(account, partitions));

    [Fact]
    public void Accounts_spread_evenly()
    {
        const int Accounts = 64_000;
        const int Share = Accounts / AccountPartitions.Most;
        var counts = Enumerable.Range(0, Accounts)
            .CountBy(number => AccountPartitions.Of(string.Create(CultureInfo.InvariantCulture, $"account-{number}"), AccountPartitions.Most))
            .ToDictionary();

        Assert.Equal(AccountPartitions.Most, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, Share * 4 / 5, Share * 6 / 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(AccountPartitions.Most + 1)]
    public void Impossible_number_of_partitions_is_an_error(int partitions) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AccountPartitions.Of("default", partitions));
}

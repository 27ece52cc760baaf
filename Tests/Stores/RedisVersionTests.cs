using TradingEngine.Streaming.Redis.Storage;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>Which releases of Redis are told to lack a fix.</summary>
public sealed class RedisVersionTests
{
    [Theory]
    [InlineData("6.2.19", true)]
    [InlineData("6.2.20", false)]
    [InlineData("7.0.15", true)]
    [InlineData("7.2.10", true)]
    [InlineData("7.2.11", false)]
    [InlineData("7.4.6", false)]
    [InlineData("8.0.3", true)]
    [InlineData("8.0.4", false)]
    [InlineData("8.2.1", true)]
    [InlineData("8.2.2", false)]
    [InlineData("8.4.0", false)]
    [InlineData("9.0.0", false)]
    public void Release_without_a_fix_is_told(string version, bool isTold) =>
        Assert.Equal(isTold, RedisVersions.MissingFix(Version.Parse(version)) is not null);
}

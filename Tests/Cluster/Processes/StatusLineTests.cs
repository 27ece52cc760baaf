using System.Reflection;
using TradingEngine.Silo.Hosting;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The line of every ten seconds.</summary>
public sealed class StatusLineTests
{
    [Fact]
    public async Task Status_that_cannot_be_had_is_a_line_and_not_the_end_of_the_silo() =>
        Assert.Equal("-- no status: no connection", await StatusLine.ReadAsync(DispatchProxy.Create<IGrainFactory, Broken>(), "0"));

    /// <summary>A cluster in which every call fails as a client of Redis does that Orleans knows nothing of.</summary>
    public class Broken : DispatchProxy
    {
        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new IOException("no connection");
    }
}

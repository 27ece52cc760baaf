using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Takes what tiers 3 and 4 wrote into the board that this silo sizes by. The silo where they beat has it at once, the others read it every
/// few seconds: a weight that is some seconds old is as good.
/// </summary>
public sealed class TierRecords(ITradingStore store, IOptions<EngineOptions> options, SizingBoard sizes)
{
    /// <summary>Record of the strategic tier.</summary>
    public const string Capital = "tier/strategic";

    /// <summary>Record of the tactical tier.</summary>
    public const string Regime = "tier/tactical";

    /// <summary>Reads both.</summary>
    public async Task ReadAsync(CancellationToken cancellation = default)
    {
        var records = await store.Partition(options.Value.Partition).ReadManyAsync([Capital, Regime], cancellation);
        if (records[0] is { } capital)
        {
            sizes.Adopt(capital.Version, DomainJson.ReadCapital(capital.Data.Span).Shares, options.Value.Review);
        }

        if (records[1] is { } regime)
        {
            sizes.Adopt(regime.Version, DomainJson.ReadRegime(regime.Data.Span));
        }
    }
}

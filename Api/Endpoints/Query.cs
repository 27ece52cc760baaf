using System.Globalization;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Endpoints;

/// <summary>Parameters of lists.</summary>
internal static class Query
{
    public const int Default = 100;
    public const int Most = 1_000;

    /// <summary>How many are asked for.</summary>
    public static int Limit(int? limit) => limit switch
    {
        null => Default,
        >= 1 and <= Most => limit.Value,
        _ => throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"limit is {limit}; use 1 to {Most}")),
    };
}

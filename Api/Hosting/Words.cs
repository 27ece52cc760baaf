using System.Text.Json;

namespace TradingEngine.Api.Hosting;

/// <summary>Names of enum members as the API writes them.</summary>
internal static class Words
{
    /// <summary>Lower snake case, such as <c>partially_filled</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

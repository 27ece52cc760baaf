using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradingEngine.Api.Hosting;

/// <summary>JSON of the API: camel case, decimals as numbers, and what comes in read strictly.</summary>
internal static class ApiJson
{
    // What comes in is flat or read elsewhere; what goes out may hold a message of the wire, up to 16 deep, as it was sent.
    private const int MaxDepth = 32;

    /// <summary>For what the API writes by itself, as in events.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Sets options up: unknown and repeated members, comments and numbers in quotes are refused.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = MaxDepth;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }
}

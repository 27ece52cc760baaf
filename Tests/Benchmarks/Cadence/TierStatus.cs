using System.Text.Json;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>Percentiles of a tier's period, µs.</summary>
internal sealed record TierPeriod(double? P50, double? P99);

/// <summary>One tier as the silo reports it. What an idle tier cannot know yet is null.</summary>
internal sealed record TierStatus(string? Name, long? Cycles, long? Overruns, TierPeriod? PeriodMicroseconds)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads <c>tiers</c> from the silo's <c>/status</c>.</summary>
    public static async Task<IReadOnlyList<TierStatus>> ReadAsync(Uri silo, CancellationToken cancellation)
    {
        var address = new Uri(silo, "/status");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await client.GetAsync(address, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw new BenchmarkException($"GET {address} answered {(int)response.StatusCode}: {Start(body)}");
            }
            var tiers = JsonSerializer.Deserialize<Answer>(body, Json)?.Tiers;
            return tiers is { Length: > 0 }
                ? tiers
                : throw new BenchmarkException($"GET {address} has no tiers: {Start(body)}");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException)
        {
            throw new BenchmarkException($"GET {address}: {error.Message}", error);
        }
    }

    private static string Start(string body) => body.Length <= 300 ? body : body[..300] + "...";

    private sealed record Answer(TierStatus[]? Tiers);
}

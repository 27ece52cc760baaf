using System.Text.Json;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>Percentiles of a tier's period, µs.</summary>
internal sealed record TierPeriod(double? P50, double? P99);

/// <summary>A part of a signal's way through the silo, µs; null where nothing was seen.</summary>
internal sealed record HopStatus(string Hop, HopLatency? LatencyMicroseconds);

/// <summary>Percentiles of a part, once a batch, µs.</summary>
internal sealed record HopLatency(long Count, double P50, double P99);

/// <summary>One tier as the silo reports it. What an idle tier cannot know yet is null.</summary>
internal sealed record TierStatus(string? Name, long? Cycles, long? Overruns, TierPeriod? PeriodMicroseconds)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads <c>tiers</c> from the silo's <c>/status</c>.</summary>
    public static async Task<IReadOnlyList<TierStatus>> ReadAsync(Uri silo, CancellationToken cancellation) =>
        await ReadAnswerAsync(silo, cancellation) is { Tiers: { Length: > 0 } tiers }
            ? tiers
            : throw new BenchmarkException($"GET {silo}status has no tiers");

    /// <summary>Reads from the silo's <c>/status</c> how many positions have exits armed.</summary>
    public static async Task<int> ReadArmedAsync(Uri silo, CancellationToken cancellation) =>
        (await ReadAnswerAsync(silo, cancellation)).Monitoring?.Armed
        ?? throw new BenchmarkException($"GET {silo}status tells nothing of monitoring");

    /// <summary>Reads from the silo's <c>/status</c> how long the parts of a signal's way took.</summary>
    public static async Task<IReadOnlyList<HopStatus>> ReadHopsAsync(Uri silo, CancellationToken cancellation) =>
        (await ReadAnswerAsync(silo, cancellation)).Hops
        ?? throw new BenchmarkException($"GET {silo}status tells nothing of hops");

    private static async Task<Answer> ReadAnswerAsync(Uri silo, CancellationToken cancellation)
    {
        var address = new Uri(silo, "/status");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await client.GetAsync(address, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<Answer>(body, Json) ?? new Answer(null, null, null)
                : throw new BenchmarkException($"GET {address} answered {(int)response.StatusCode}: {Start(body)}");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException
            || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new BenchmarkException($"GET {address}: {error.Message}", error);
        }
    }

    private static string Start(string body) => body.Length <= 300 ? body : body[..300] + "...";

    private sealed record Answer(TierStatus[]? Tiers, MonitoringStatus? Monitoring, HopStatus[]? Hops);

    private sealed record MonitoringStatus(int Armed);
}

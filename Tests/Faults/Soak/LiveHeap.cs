using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>What a silo holds and cannot let go: its managed heap straight after a full collection, which is asked for from outside.</summary>
/// <remarks>The resident set is no measure of growth: the collector gives memory back when it likes, so it moves by tens of megabytes.</remarks>
internal sealed class LiveHeap(Victim silo, Uri metrics) : IDisposable
{
    private const string HeapSize = "dotnet_gc_last_collection_heap_size_bytes";
    private const string Fragmentation = "dotnet_gc_last_collection_heap_fragmentation_size_bytes";
    private const string FullCollections = "dotnet_gc_collections_total{";
    private const string Oldest = "gen2";
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    /// <summary>The runtime's keyword that makes it collect fully when a session with it begins.</summary>
    private const long CollectNow = 0x800000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new() { Timeout = Limit };

    /// <summary>Bytes of all generations after a full collection, without the gaps between what is left, which the next objects fill.</summary>
    public async Task<double> MeasureAsync()
    {
        var before = Full(await ReadAsync());
        var runtime = new DiagnosticsClient(silo.Id);
        using (var session = await runtime.StartEventPipeSessionAsync(
            [new EventPipeProvider(Runtime, EventLevel.Informational, CollectNow)], requestRundown: false, circularBufferMB: 1, CancellationToken.None))
        {
            var events = session.EventStream.CopyToAsync(Stream.Null);
            await Poll.UntilAsync("a full collection of the silo", async () => Full(await ReadAsync()) > before, Limit);
            await session.StopAsync(CancellationToken.None);
            await events;
        }

        var after = await ReadAsync();
        return Sum(after, HeapSize) - Sum(after, Fragmentation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string[]> ReadAsync() => (await _http.GetStringAsync(metrics)).Split('\n');

    private double Sum(string[] lines, string name)
    {
        var values = lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).ToList();
        return values.Count > 0 ? values.Sum(Value) : throw new FaultException($"{metrics} shows no {name}.");
    }

    private static double Full(string[] lines) => lines
        .Where(line => line.StartsWith(FullCollections, StringComparison.Ordinal) && line.Contains(Oldest, StringComparison.Ordinal)).Sum(Value);

    /// <summary>Value of a line "name{labels} value" or "name{labels} value timestamp".</summary>
    private static double Value(string line) =>
        double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
}

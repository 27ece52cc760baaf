using System.Text.Json.Nodes;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Events;

/// <summary>An event as a browser sees it.</summary>
internal sealed record ServerEvent(string Kind, string? Id, JsonNode Data);

/// <summary>Reads a stream of events.</summary>
internal sealed class EventReader(Stream stream) : IAsyncDisposable
{
    private readonly StreamReader _reader = new(stream);

    /// <summary>The next event; null at the end.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        string? kind = null, id = null, data = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Eventually.Limit);
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                return new ServerEvent(kind!, id, JsonNode.Parse(data)!);
            }

            kind = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : kind;
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : data;
        }

        return null;
    }

    /// <summary>The first event that is asked for.</summary>
    public async Task<ServerEvent> UntilAsync(string what, Func<ServerEvent, bool> isIt)
    {
        var seen = new List<string>();
        while (await NextAsync() is { } next)
        {
            if (isIt(next))
            {
                return next;
            }

            seen.Add($"{next.Kind} {next.Data["kind"]}");
        }

        throw new InvalidOperationException($"The stream ended before {what}; it held {string.Join(", ", seen)}");
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await stream.DisposeAsync();
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Events;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Everything that changes, as server-sent events.</summary>
internal static class EventEndpoints
{
    private const int MostReplayed = 20_000;
    private static readonly string[] s_kinds = ["fact", "status", "tiers", "prices", "positions", "agents"];

    // A proxy gives up what says nothing for long, and a client learns that it is connected.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly byte[] s_comment = ":\n\n"u8.ToArray();

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/events", StreamAsync).Requires(Role.Viewer)
        .Produces<string>(contentType: "text/event-stream").WithTags("Events")
        .WithSummary("Server-sent events of everything that changes; Last-Event-ID or 'after' goes on behind a fact, 'events' chooses kinds: fact, status, tiers, prices, positions, agents.");

    private static async Task<IResult> StreamAsync(
        HttpContext context, EngineAccess engine, EventHub hub, Gate gate, string? after, string? events)
    {
        var asked = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : after;
        var from = asked is null ? null : EventCursor.Read(asked) ?? throw new RequestException($"Last-Event-ID is {asked}; use the id of an event");
        var kinds = KindsOf(events);
        engine.Require();
        if (await hub.JoinAsync(kinds) is not { } listener)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many listen", detail: $"At most {EventHub.MostListeners} do at one silo; ask another.");
        }

        try
        {
            await WriteAsync(context, engine, gate, listener, from);
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
        finally
        {
            hub.Leave(listener);
        }

        return Results.Empty;
    }

    private static async Task WriteAsync(HttpContext context, EngineAccess engine, Gate gate, Listener listener, AuditCursor? from)
    {
        var stop = context.RequestAborted;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync("retry: 1000\n\n"u8.ToArray(), stop);
        await context.Response.Body.FlushAsync(stop);
        if (from is not null && listener.Wants(EventHub.FactKind))
        {
            await ReplayAsync(context, engine.Require(), listener, from);
        }

        var reader = listener.Channel.Reader;
        while (true)
        {
            var wait = reader.WaitToReadAsync(stop).AsTask();
            while (!wait.IsCompleted)
            {
                if (await Task.WhenAny(wait, Task.Delay(KeepAlive, stop)) != wait)
                {
                    stop.ThrowIfCancellationRequested();
                    if (!gate.Stands(context))
                    {
                        return;
                    }

                    await context.Response.Body.WriteAsync(s_comment, stop);
                    await context.Response.Body.FlushAsync(stop);
                }
            }

            if (!await wait)
            {
                // Ended: it did not keep up, or the silo ends. It asks again, and goes on behind its last event.
                return;
            }

            if (!gate.Stands(context))
            {
                // The key ended or was revoked meanwhile.
                return;
            }

            while (reader.TryRead(out var batch))
            {
                context.Response.BodyWriter.Write(batch.After(listener.Seen).Span);
            }

            await context.Response.BodyWriter.FlushAsync(stop);
        }
    }

    private static async Task ReplayAsync(HttpContext context, Engine engine, Listener listener, AuditCursor from)
    {
        var replayed = 0;
        for (var page = await engine.Audit.ReadAsync(from, null); ; page = await engine.Audit.ReadAsync(from, null))
        {
            if (page.Problem is not null || replayed > MostReplayed)
            {
                await context.Response.Body.WriteAsync(EventHub.Frame(Listener.GapKind, new { cursor = EventCursor.Write(page.Next) }), context.RequestAborted);
                return;
            }

            var facts = EventHub.FactsOf(page, from).ToList();
            if (facts.Count > 0)
            {
                await context.Response.Body.WriteAsync(EventHub.FramesOf(facts).After(-1), context.RequestAborted);
                replayed += facts.Count;
            }

            listener.Seen = page.Next.Sequence;
            from = page.Next;
            if (page.IsEnd || page.Entries.IsEmpty)
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                return;
            }
        }
    }

    private static HashSet<string>? KindsOf(string? events)
    {
        if (events is null)
        {
            return null;
        }

        var kinds = events.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        return kinds.Count > 0 && kinds.All(s_kinds.Contains)
            ? kinds
            : throw new RequestException($"events is {events}; use one or more of {string.Join(", ", s_kinds)}, with commas");
    }
}

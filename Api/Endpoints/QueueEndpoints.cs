using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Queues;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Endpoints;

/// <summary>
/// Queues for agents without Redis, with the same JSON: messages in are queued as they come, messages out are given until they are acknowledged.
/// </summary>
internal static class QueueEndpoints
{
    private const int MostDepth = 16;
    private const int LongestWait = 30;
    private const int MostIds = 1_000;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/queues/{queue}", PushAsync).Requires(Role.Trader).ForMessages().MayBeAbsent().Accepts<JsonElement>("application/json")
            .Produces<QueuedEntry>(StatusCodes.Status202Accepted).WithTags("Agents")
            .WithSummary("Puts a message of the wire on an agents' queue, or several in an array; 202 means queued.");
        v1.MapGet("/queues/{queue}", TakeAsync).Requires(Role.Trader).ForMessages().MayBeAbsent().MayBeRefused().WithTags("Agents")
            .WithSummary("Takes messages for an agent, oldest first; waits up to 'wait' seconds for one. What is not acknowledged comes again.");
        v1.MapPost("/queues/{queue}/ack", AcknowledgeAsync).Requires(Role.Trader).ForMessages().MayBeAbsent().MayBeRefused().WithTags("Agents")
            .WithSummary("Acknowledges messages that were taken: they do not come again.");
        v1.MapPost("/agents/{agent}/heartbeat", BeatAsync).Requires(Role.Trader).ForMessages().WithTags("Agents")
            .WithSummary("Says that an agent lives, and what it offers.");
    }

    private static async Task<IResult> PushAsync(HttpContext context, EngineAccess engine, string queue)
    {
        if (AgentQueues.In(queue) is not { } stream)
        {
            return NoQueue(queue, AgentQueues.NamesIn);
        }

        using var document = await JsonDocument.ParseAsync(
            context.Request.Body, new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false }, context.RequestAborted);
        List<JsonElement> messages = document.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. document.RootElement.EnumerateArray()],
            JsonValueKind.Object => [document.RootElement],
            _ => [],
        };
        if (messages.Count == 0 || messages.Any(message => message.ValueKind != JsonValueKind.Object))
        {
            throw new RequestException("the body is neither an object nor an array of one or more objects");
        }

        // Byte for byte as it was sent: what becomes a dead letter looks like what its sender has in its log.
        await engine.Require().Store.Queues.PushAsync(
            stream, [.. messages.Select(message => (ReadOnlyMemory<byte>)JsonMarshal.GetRawUtf8Value(message).ToArray())], context.RequestAborted);
        return Results.Accepted(value: new QueuedEntry(queue, messages.Count));
    }

    private static async Task<Results<Ok<TakenEntry>, ProblemHttpResult>> TakeAsync(
        HttpContext context, EngineAccess engine, RequestOutlets requests, string queue, int? wait, int? limit)
    {
        if (wait is < 0 or > LongestWait)
        {
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"wait is {wait}; use 0 to {LongestWait} seconds"));
        }

        var (count, clock) = (Query.Limit(limit), TimeProvider.System);
        var until = clock.GetTimestamp();
        Func<Engine, TimeSpan, Task<ImmutableArray<OutletMessage>>> take;
        if (AgentQueues.Out(queue) is { } stream)
        {
            if (engine.Require().Options.Execution != AgentQueues.ExecutionHere)
            {
                return TypedResults.Problem(
                    statusCode: StatusCodes.Status409Conflict, title: "Somebody else takes these messages",
                    detail: $"Orders are executed by {engine.Require().Options.Execution}. Start the silo with --execution http to take them here.");
            }

            take = (current, time) => current.Grains.GetGrain<IOutletGrain>(stream).TakeAsync(count, time);
        }
        else if (AgentQueues.IsRequests(queue))
        {
            take = (current, time) => requests.TakeAsync(current, queue, count, time, context.RequestAborted);
        }
        else
        {
            return NoQueue(queue, AgentQueues.NamesOut);
        }

        while (true)
        {
            var left = TimeSpan.FromSeconds(wait ?? 0) - clock.GetElapsedTime(until);
            var messages = await take(engine.Require(), left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice);
            if (messages.Length > 0 || left <= Slice || context.RequestAborted.IsCancellationRequested)
            {
                return TypedResults.Ok(TakenEntry.Of(queue, messages));
            }
        }
    }

    private static async Task<Results<Ok<QueuedEntry>, ProblemHttpResult>> AcknowledgeAsync(
        HttpContext context, EngineAccess engine, RequestOutlets requests, string queue, AcknowledgeRequest request)
    {
        if (request.Ids.Count is 0 or > MostIds)
        {
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"ids has {request.Ids.Count} items; use 1 to {MostIds}"));
        }

        var current = engine.Require();
        if (AgentQueues.IsRequests(queue))
        {
            await requests.AcknowledgeAsync(current, queue, request.Ids, context.RequestAborted);
            return TypedResults.Ok(new QueuedEntry(queue, request.Ids.Count));
        }

        if (AgentQueues.Out(queue) is not { } stream)
        {
            return NoQueue(queue, AgentQueues.NamesOut);
        }

        if (request.Ids.FirstOrDefault(id => !AgentQueues.IsEntryId(id)) is { } wrong)
        {
            throw new RequestException($"ids holds {wrong}; use the id that came with the message");
        }

        await current.Partition.CommitAsync(
            [new Commit { Acks = [.. request.Ids.Distinct().Select(id => new QueueAck(stream, id))] }], context.RequestAborted);
        return TypedResults.Ok(new QueuedEntry(queue, request.Ids.Count));
    }

    private static async Task<NoContent> BeatAsync(HttpContext context, EngineAccess engine, string agent, HeartbeatRequest? request)
    {
        var current = engine.Require();
        await AgentBeat.WriteAsync(current.Store.Board, agent, request ?? new HeartbeatRequest(), current.Clock.GetUtcNow(), context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoQueue(string queue, string names) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "There is no such queue",
        detail: $"{queue} is none here; there are {names}. Commands have addresses of their own: /v1/commands.");
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Api.Endpoints;

/// <summary>Commands: each is an address of its own, so that each has a role of its own.</summary>
internal static class CommandEndpoints
{
    private const int MostReason = 500;
    private static readonly TimeSpan LongestHalt = TimeSpan.FromDays(365);

    public static void Map(RouteGroupBuilder v1)
    {
        foreach (var (action, role) in new[]
        {
            (EngineCommands.Start, Role.Risk), (EngineCommands.Stop, Role.Trader), (EngineCommands.Pause, Role.Trader),
            (EngineCommands.Resume, Role.Risk), (EngineCommands.Kill, Role.Trader), (EngineCommands.Reset, Role.Risk),
            (EngineCommands.Halt, Role.Trader), (EngineCommands.Unhalt, Role.Risk),
        })
        {
            v1.MapPost($"/commands/{action}", (HttpContext context, EngineAccess engine, CommandRequest request) =>
                    ExecuteAsync(context, engine, action, request))
                .Requires(role).WithSummary($"The command {action}; answers when it is in force.");
        }

        v1.MapPost("/commands/log-level", SetLogLevelAsync).Requires(Role.Admin).WithSummary("What this silo logs from now on.");
        v1.MapPost("/positions/{id}/close", (HttpContext context, EngineAccess engine, string id) => CloseAsync(context, engine, id))
            .Requires(Role.Trader).WithSummary("Closes a position.");
        v1.MapPost("/positions/close", (HttpContext context, EngineAccess engine) => CloseAsync(context, engine, "*"))
            .Requires(Role.Trader).WithSummary("Closes every position; the mode stays.");
        v1.MapPost("/queues/{queue}", PushAsync).Requires(Role.Trader).Accepts<object>("application/json")
            .WithSummary("Puts a message of the wire on an agents' queue, or several in an array; 202 means queued.");
    }

    /// <summary>Queues that agents write to, by the key they know.</summary>
    private static string? StreamOf(string queue) => queue switch
    {
        QueueKeys.HftSignals => StreamNames.HftSignals,
        QueueKeys.StrategySignals or QueueKeys.FastSignals => StreamNames.FastSignals,
        QueueKeys.TacticalSignals => StreamNames.TacticalSignals,
        QueueKeys.Updates => StreamNames.Updates,
        QueueKeys.Warnings => StreamNames.Warnings,
        QueueKeys.Alerts => StreamNames.Alerts,
        _ => null,
    };

    private static async Task<IResult> ExecuteAsync(HttpContext context, EngineAccess engine, string action, CommandRequest request)
    {
        if (request.Reason?.Length > MostReason)
        {
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"reason has {request.Reason.Length} characters; use at most {MostReason}"));
        }

        if (request.DurationSeconds is { } seconds && !(seconds > 0 && seconds <= LongestHalt.TotalSeconds))
        {
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"durationSeconds is {seconds}; use more than 0 and at most a year"));
        }

        return Answers.Of(action, await engine.Require().Grain.CommandAsync(new EngineCommand(action, Gate.CallerOf(context).Name)
        {
            Reason = request.Reason,
            Scope = request.Scope,
            Duration = request.DurationSeconds is { } length ? TimeSpan.FromSeconds(length) : null,
            IsFlattening = request.Flatten,
        }));
    }

    private static async Task<IResult> SetLogLevelAsync(EngineAccess engine, LevelRequest request) =>
        Answers.Of("log-level", await engine.Require().Grain.SetLogLevelAsync(request.Level));

    private static async Task<IResult> CloseAsync(HttpContext context, EngineAccess engine, string id) =>
        Answers.Of("close", await engine.Require().Grain.ClosePositionAsync(id, Gate.CallerOf(context).Name));

    private static async Task<IResult> PushAsync(HttpContext context, EngineAccess engine, string queue)
    {
        if (StreamOf(queue) is not { } stream)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status404NotFound, title: "There is no such queue", detail: $"{queue} is none that agents write to: docs/wire.md.");
        }

        using var document = await JsonDocument.ParseAsync(
            context.Request.Body, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false }, context.RequestAborted);
        var messages = document.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. document.RootElement.EnumerateArray()],
            JsonValueKind.Object => new List<JsonElement> { document.RootElement },
            _ => throw new RequestException("the body is neither an object nor an array of objects"),
        };
        if (messages.Count == 0 || messages.Any(message => message.ValueKind != JsonValueKind.Object))
        {
            throw new RequestException("the body is no array of one or more objects");
        }

        await engine.Require().Store.Queues.PushAsync(
            stream, [.. messages.Select(message => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(message))], context.RequestAborted);
        return Results.Accepted(value: new QueuedEntry(queue, messages.Count));
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Events;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Dead letters, audit and configuration.</summary>
internal static class RecordEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/deadletters", ListAsync).Requires(Role.Viewer).WithTags("Records").WithSummary("The newest messages that could not be understood, newest first.");
        v1.MapGet("/deadletters/{id}", GetAsync).Requires(Role.Viewer).MayBeAbsent().WithTags("Records").WithSummary("One of them, with its bytes as text or base 64.");
        v1.MapPost("/deadletters/{id}/requeue", RequeueAsync).Requires(Role.Risk).MayBeRefused().WithTags("Records").WithSummary("Puts it back on its queue; * all of them.");
        v1.MapDelete("/deadletters", PurgeAsync).Requires(Role.Risk).MayBeRefused().WithTags("Records").WithSummary("Throws all of them away.");
        v1.MapGet("/audit", AuditAsync)
            .Requires(Role.Viewer).WithTags("Records").WithSummary("The newest facts, newest first; with 'after' those behind a cursor, oldest first.");
        v1.MapGet("/audit/head", async (EngineAccess engine) => AuditHeadEntry.Of(await engine.Require().Audit.GetHeadAsync()))
            .Requires(Role.Viewer).WithTags("Records").WithSummary("How far the audit is sealed, and moved to segment files.");
        v1.MapGet("/config", ConfigurationAsync)
            .Requires(Role.Viewer).Produces<JsonElement>().WithTags("Configuration").WithSummary("What the engine trades by, as PUT takes it, with its version.");
        v1.MapPut("/config", ApplyAsync).Requires(Role.Admin).MayBeRefused().Accepts<JsonElement>("application/json")
            .Produces<ConfigurationResultEntry>().WithTags("Configuration")
            .WithSummary("Lets it trade by another configuration, or refuses it as a whole with every reason; ?trial=true only says what would change.");
    }

    private static async Task<DeadLettersEntry> ListAsync(EngineAccess engine, int? limit)
    {
        var page = await engine.Require().DeadLetters.ListAsync(Query.Limit(limit));
        return new([.. page.Letters.Select(DeadLetterEntry.Of)], page.Kept, page.Counts);
    }

    private static async Task<Results<Ok<DeadLetterEntry>, ProblemHttpResult>> GetAsync(EngineAccess engine, string id) =>
        await engine.Require().DeadLetters.GetAsync(id) is { } letter
            ? TypedResults.Ok(DeadLetterEntry.Of(letter))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such dead letter", detail: $"None with id {id} is kept.");

    private static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> RequeueAsync(HttpContext context, EngineAccess engine, string id)
    {
        var current = engine.Require();
        return await Answers.RecordedAsync(current, "requeue", await current.DeadLetters.RequeueAsync(id), Gate.CallerOf(context).Name);
    }

    private static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> PurgeAsync(HttpContext context, EngineAccess engine)
    {
        var current = engine.Require();
        return await Answers.RecordedAsync(current, "purge", await current.DeadLetters.PurgeAsync(), Gate.CallerOf(context).Name);
    }

    private static async Task<Page<FactEntry>> AuditAsync(EngineAccess engine, EventHub hub, int? limit, string? after)
    {
        var count = Query.Limit(limit);
        if (after is null)
        {
            var (newest, cursor) = await hub.NewestAsync(count);
            return new(newest, cursor);
        }

        var from = EventCursor.Read(after) ?? throw new RequestException($"after is {after}; use a cursor that this API gave");
        var page = await engine.Require().Audit.ReadAsync(from, null);
        var facts = EventHub.FactsOf(page, from).ToList();
        return facts.Count > count
            ? new(facts[..count], facts[count - 1].Cursor)
            : new(facts, EventCursor.Write(page.Next));
    }

    private static async Task<IResult> ConfigurationAsync(EngineAccess engine) =>
        Results.Text((await engine.Require().Grain.GetConfigurationAsync()).Json, "application/json", Encoding.UTF8);

    private static async Task<IResult> ApplyAsync(HttpContext context, EngineAccess engine, bool? trial, long? version, string? reason)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var json = await reader.ReadToEndAsync(context.RequestAborted);
        var result = await engine.Require().Grain.ApplyConfigurationAsync(
            new ConfigurationChange(json, Gate.CallerOf(context).Name) { BasedOn = version, Reason = reason, IsTrial = trial ?? false });
        return result.Answer.IsCompleted
            ? Results.Ok(ConfigurationResultEntry.Of(result))
            : Results.Problem(
                statusCode: StatusCodes.Status409Conflict, title: "The configuration is refused", detail: result.Answer.Reason,
                extensions: new Dictionary<string, object?> { ["errors"] = result.Errors, ["version"] = result.Version });
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Api.Endpoints;

/// <summary>Answers to commands: done, or a conflict that says why not.</summary>
internal static class Answers
{
    public static Results<Ok<CommandEntry>, ProblemHttpResult> Of(string command, CommandResult result) => result.IsCompleted
        ? TypedResults.Ok(CommandEntry.Of(command, result))
        : TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict, title: $"{command} was not done", detail: result.Reason,
            extensions: new Dictionary<string, object?> { ["command"] = command, ["outcome"] = result.Status });

    /// <summary>The answer to what the engine itself does not record: it is recorded here.</summary>
    public static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> RecordedAsync(Engine engine, string command, CommandResult result, string by)
    {
        await engine.Partition.CommitAsync([CommandRecord.Of(command, result, by, engine.Clock.GetUtcNow())]);
        return Of(command, result);
    }

    /// <summary>Says in the document that the engine may refuse.</summary>
    public static RouteHandlerBuilder MayBeRefused(this RouteHandlerBuilder builder) => builder.ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Says in the document that there may be none of that name.</summary>
    public static RouteHandlerBuilder MayBeAbsent(this RouteHandlerBuilder builder) => builder.ProducesProblem(StatusCodes.Status404NotFound);
}

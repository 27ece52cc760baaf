using Microsoft.AspNetCore.Http;
using TradingEngine.Api.Contracts;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Api.Endpoints;

/// <summary>Answers to commands: done, or a conflict that says why not.</summary>
internal static class Answers
{
    public static IResult Of(string command, CommandResult result) => result.IsCompleted
        ? Results.Ok(CommandEntry.Of(command, result))
        : Results.Problem(
            statusCode: StatusCodes.Status409Conflict, title: $"{command} was not done", detail: result.Reason,
            extensions: new Dictionary<string, object?> { ["command"] = command, ["status"] = result.Status });
}

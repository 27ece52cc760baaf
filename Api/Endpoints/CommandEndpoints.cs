using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Commands: each is an address of its own, so that each has a role of its own.</summary>
internal static class CommandEndpoints
{
    private const int MostReason = 500;
    private static readonly TimeSpan LongestHalt = TimeSpan.FromDays(365);

    private static readonly (string Action, string Summary)[] s_commands =
    [
        (EngineCommands.Start, "Runs, from any mode but killed."),
        (EngineCommands.Stop, "Closes every position, then passes nothing; answers after 5 s at most, with what remains."),
        (EngineCommands.Pause, "No entries; exits are managed."),
        (EngineCommands.Resume, "Takes entries again after a pause, a flatten or a reset."),
        (EngineCommands.Flatten, "Closes every position, and takes no entries until a resume."),
        (EngineCommands.Kill, "No order that takes risk from the answer on; with flatten every position is closed. Only a reset leads on."),
        (EngineCommands.Reset, "After a kill, with a reason: exits are managed again, entries wait for a resume."),
        (EngineCommands.Halt, "No entries of one scope, with a reason, for durationSeconds or until unhalt."),
        (EngineCommands.Unhalt, "Takes entries of a scope again."),
    ];

    public static void Map(RouteGroupBuilder v1)
    {
        foreach (var (action, summary) in s_commands)
        {
            v1.MapPost($"/commands/{action}", (HttpContext context, EngineAccess engine, CommandRequest? request) =>
                    ExecuteAsync(context, engine, action, request ?? new CommandRequest()))
                .Requires(CommandRoles.Of(action)).MayBeRefused().WithTags("Commands").WithSummary(summary);
        }

        v1.MapPost("/commands/log-level", SetLogLevelAsync)
            .Requires(Role.Admin).MayBeRefused().WithTags("Commands").WithSummary("What this silo logs from now on.");
        v1.MapPost("/positions/{id}/close", (HttpContext context, EngineAccess engine, string id) => CloseAsync(context, engine, id))
            .Requires(CommandRoles.Of(EngineCommands.Close)).MayBeRefused().WithTags("Positions").WithSummary("Closes a position.");
        v1.MapPost("/positions/close", (HttpContext context, EngineAccess engine) => CloseAsync(context, engine, "*"))
            .Requires(CommandRoles.Of(EngineCommands.Close)).MayBeRefused().WithTags("Positions").WithSummary("Closes every position; the mode stays.");
    }

    private static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> ExecuteAsync(
        HttpContext context, EngineAccess engine, string action, CommandRequest request)
    {
        if (request.Reason is { } reason && (reason.Length > MostReason || reason.Any(char.IsControl)))
        {
            throw new RequestException(string.Create(
                CultureInfo.InvariantCulture, $"reason has {reason.Length} characters; use at most {MostReason}, none of them a control character"));
        }

        if (request.DurationSeconds is { } seconds && !(seconds > 0 && seconds <= LongestHalt.TotalSeconds))
        {
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"durationSeconds is {seconds}; use more than 0 and at most 31536000, a year"));
        }

        return Answers.Of(action, await engine.Require().Grain.CommandAsync(new EngineCommand(action, Gate.CallerOf(context).Name)
        {
            Reason = request.Reason,
            Scope = request.Scope is { } scope ? Scopes.Read(scope) : null,
            Duration = request.DurationSeconds is { } length ? TimeSpan.FromSeconds(length) : null,
            IsFlattening = request.Flatten,
        }));
    }

    private static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> SetLogLevelAsync(
        HttpContext context, EngineAccess engine, LevelRequest request)
    {
        var current = engine.Require();
        return await Answers.RecordedAsync(
            current, "log-level", await current.Grain.SetLogLevelAsync(request.Level), Gate.CallerOf(context).Name);
    }

    private static async Task<Results<Ok<CommandEntry>, ProblemHttpResult>> CloseAsync(HttpContext context, EngineAccess engine, string id) =>
        Answers.Of(EngineCommands.Close, await engine.Require().Grain.ClosePositionAsync(id, Gate.CallerOf(context).Name));
}

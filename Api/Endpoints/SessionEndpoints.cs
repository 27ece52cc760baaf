using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Signing in at the panel: a key becomes a cookie that no script can read.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/session", BeginAsync).IsOpen().WithSummary("Begins a session of the panel with a key.");
        v1.MapGet("/session", Get).Requires(Role.Viewer).WithSummary("Who asks, and what a session has to repeat in X-Antiforgery.");
        v1.MapDelete("/session", End).Requires(Role.Viewer).WithSummary("Ends the session.");
    }

    private static async Task<IResult> BeginAsync(
        HttpContext context, SessionRequest request, ApiOptions options, Sessions sessions, Lockouts lockouts, TimeProvider clock)
    {
        var address = context.Connection.RemoteIpAddress ?? System.Net.IPAddress.None;
        if (lockouts.IsLocked(address))
        {
            context.Response.Headers.RetryAfter = "60";
            return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "Too many wrong keys", detail: "Wait a minute, then try again.");
        }

        var caller = options.Keys is null ? new Caller("local", Role.Admin) : options.Keys.Find(request.Key, clock.GetUtcNow());
        if (caller is null)
        {
            lockouts.Fail(address);
            await Task.CompletedTask;
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "The key is not known, or has ended");
        }

        var (token, session) = sessions.Begin(caller);
        context.Response.Cookies.Append(Sessions.Cookie, token, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true,
        });
        return Results.Ok(new SessionEntry(caller.Name, Words.Of(caller.Role), session.Antiforgery));
    }

    private static SessionEntry Get(HttpContext context, Sessions sessions)
    {
        var caller = Gate.CallerOf(context);
        var session = context.Request.Cookies.TryGetValue(Sessions.Cookie, out var token) ? sessions.Find(token) : null;
        return new SessionEntry(caller.Name, Words.Of(caller.Role), session?.Antiforgery);
    }

    private static IResult End(HttpContext context, Sessions sessions)
    {
        if (context.Request.Cookies.TryGetValue(Sessions.Cookie, out var token))
        {
            sessions.End(token);
            context.Response.Cookies.Delete(Sessions.Cookie);
        }

        return Results.NoContent();
    }
}

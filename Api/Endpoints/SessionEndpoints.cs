using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Signing in at the panel: a key becomes a cookie that no script can read.</summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/session", Begin).IsOpen().Produces<SessionEntry>().WithTags("Session").WithSummary("Begins a session of the panel with a key.");
        v1.MapGet("/session", Get).Requires(Role.Viewer).WithTags("Session").WithSummary("Who asks, and what a session has to repeat in X-Antiforgery.");
        v1.MapDelete("/session", End).Requires(Role.Viewer).Produces(StatusCodes.Status204NoContent).WithTags("Session").WithSummary("Ends the session.");
    }

    private static IResult Begin(
        HttpContext context, SessionRequest request, ApiOptions options, Gate gate, Sessions sessions, Lockouts lockouts)
    {
        var address = context.Connection.RemoteIpAddress ?? System.Net.IPAddress.None;
        if (lockouts.IsLocked(address))
        {
            context.Response.Headers.RetryAfter = "60";
            return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "Too many wrong keys", detail: "Wait a minute, then try again.");
        }

        var key = gate.Find(request.Key);
        if (key is null && options.Keys is not null)
        {
            lockouts.Fail(address);
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "The key is not known, or has ended");
        }

        var (token, session) = sessions.Begin(key?.Hash ?? default);
        var caller = key is null ? Gate.Local : new Caller(key.Name, key.Role);
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

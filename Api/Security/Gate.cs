using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Security;

/// <summary>
/// Lets pass whom an endpoint is for. Without keys, which is possible on loopback alone, everybody there is <c>local</c> and admin; Host and
/// Origin are looked at all the same, so that no page of a browser can ask in somebody's name.
/// </summary>
internal sealed class Gate(ApiOptions options, Sessions sessions, Lockouts lockouts, TimeProvider clock)
{
    private const string Bearer = "Bearer ";
    private static readonly object CallerKey = new();

    /// <summary>Who asks; there behind the gate.</summary>
    public static Caller CallerOf(HttpContext context) =>
        context.Items[CallerKey] as Caller ?? throw new InvalidOperationException("Nobody passed the gate.");

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (Foreign(context.Request) is { } foreign)
        {
            await ProblemWriter.WriteAsync(context, StatusCodes.Status403Forbidden, "The request comes from elsewhere", foreign);
            return;
        }

        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await next(context);
            return;
        }

        var address = context.Connection.RemoteIpAddress ?? System.Net.IPAddress.None;
        if (lockouts.IsLocked(address))
        {
            context.Response.Headers.RetryAfter = "60";
            await ProblemWriter.WriteAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many wrong keys", "Wait a minute, then try again with the right one.");
            return;
        }

        var (caller, session) = Identify(context.Request, out var isWrong);
        if (caller is null)
        {
            if (isWrong)
            {
                lockouts.Fail(address);
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemWriter.WriteAsync(
                context, StatusCodes.Status401Unauthorized, isWrong ? "The key is not known, or has ended" : "A key is needed",
                "Send it as: Authorization: Bearer <key>. Keys are made with: Client -- keys create.");
            return;
        }

        if (session is not null && !HttpMethods.IsGet(context.Request.Method) && !IsRepeated(context.Request, session))
        {
            await ProblemWriter.WriteAsync(
                context, StatusCodes.Status403Forbidden, "The session's header is missing",
                $"A session changes something only with {Sessions.Header} as GET /v1/session gives it.");
            return;
        }

        var required = endpoint.Metadata.GetMetadata<RequiredRole>();
        if (required is null || caller.Role < required.Role)
        {
            await ProblemWriter.WriteAsync(
                context, StatusCodes.Status403Forbidden, "The key may not do this",
                $"{caller.Name} is {Words.Of(caller.Role)}; this takes {(required is null ? "a role that nobody has" : Words.Of(required.Role))}.");
            return;
        }

        context.Items[CallerKey] = caller;
        await next(context);
    }

    /// <summary>Why a request is not from this address's own pages or from no page at all; null when it is.</summary>
    internal string? Foreign(HttpRequest request)
    {
        var host = request.Host;
        if (!options.Hosts.Contains(host.Host.Trim('[', ']')))
        {
            return $"Host is {host.Host}; this API answers at {string.Join(", ", options.Hosts)} alone. --http-hosts names more.";
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && string.Equals(origin[0], $"{request.Scheme}://{host.Value}", StringComparison.OrdinalIgnoreCase))
            ? null
            : $"Origin is {origin}; only pages of this address may ask.";
    }

    private (Caller? Caller, Session? Session) Identify(HttpRequest request, out bool isWrong)
    {
        isWrong = false;
        if (options.Keys is not { } keys)
        {
            return (new Caller("local", Role.Admin), null);
        }

        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            var caller = keys.Find(header[Bearer.Length..].Trim(), clock.GetUtcNow());
            isWrong = caller is null;
            return (caller, null);
        }

        return request.Cookies.TryGetValue(Sessions.Cookie, out var token) && sessions.Find(token) is { } session
            ? (session.Caller, session)
            : (null, null);
    }

    private static bool IsRepeated(HttpRequest request, Session session) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[Sessions.Header].ToString()), Encoding.UTF8.GetBytes(session.Antiforgery));
}

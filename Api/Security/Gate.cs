using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Security;

/// <summary>
/// Lets pass whom an endpoint is for. Without keys, which is possible on loopback alone, everybody there is <c>local</c> and admin; Host and
/// Origin are looked at all the same, so that no page of a browser can ask in somebody's name.
/// </summary>
internal sealed class Gate(ApiOptions options, Sessions sessions, Lockouts lockouts, TimeProvider clock)
{
    private const string Bearer = "Bearer ";
    private static readonly object s_callerKey = new();

    /// <summary>Whoever is on this machine, where no keys are asked for.</summary>
    public static Caller Local { get; } = new("local", Role.Admin);

    /// <summary>Who asks; there behind the gate.</summary>
    public static Caller CallerOf(HttpContext context) =>
        context.Items[s_callerKey] as Caller ?? throw new InvalidOperationException("Nobody passed the gate.");

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (Foreign(context.Request) is { } foreign)
        {
            await ProblemWriter.WriteAsync(context, StatusCodes.Status403Forbidden, "The request comes from elsewhere", foreign);
            return;
        }

        // What is no route is an answer of the router's own, as to a wrong method: it says nothing of the engine.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await next(context);
            return;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var (caller, session) = Identify(context.Request, lockouts.IsLocked(address), out var presented);
        if (caller is null)
        {
            await RefuseAsync(context, address, presented);
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

        context.Items[s_callerKey] = caller;
        await next(context);
    }

    /// <summary>True while the key or session of a request that goes on for long is still in force.</summary>
    public bool Stands(HttpContext context) => Identify(context.Request, isLocked: false, out _).Caller is not null;

    /// <summary>The caller of a key; null for one that is not known, or has ended.</summary>
    public ApiKey? Find(string key) => options.Keys?.Keys.Find(key, clock.GetUtcNow());

    /// <summary>Why a request is not from this address's own pages or from no page at all; null when it is.</summary>
    internal string? Foreign(HttpRequest request)
    {
        var host = request.Host;
        if (!options.Hosts.Contains(host.Host.Trim('[', ']')))
        {
            return $"Host is {host.Host}; this API answers at {string.Join(", ", options.Hosts)} alone. --http-hosts names more.";
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && IsOwn(origin[0]!, request))
            ? null
            : $"Origin is {origin}; only pages of this address may ask.";
    }

    // A proxy in front may speak TLS to the browser and not to the API; the other way round would be a page that somebody could have changed.
    private static bool IsOwn(string origin, HttpRequest request) =>
        string.Equals(origin, $"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || (!request.IsHttps && string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));

    private async Task RefuseAsync(HttpContext context, IPAddress address, Presented presented)
    {
        if (presented == Presented.WhileLocked)
        {
            context.Response.Headers.RetryAfter = "60";
            await ProblemWriter.WriteAsync(
                context, StatusCodes.Status429TooManyRequests, "Too many wrong keys", "Wait a minute, then try again with the right one.");
            return;
        }

        if (presented == Presented.Wrong)
        {
            lockouts.Fail(address);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await ProblemWriter.WriteAsync(
            context, StatusCodes.Status401Unauthorized, presented == Presented.Wrong ? "The key is not known, or has ended" : "A key is needed",
            "Send it as: Authorization: Bearer <key>. Keys are made with: Client -- keys create.");
    }

    private (Caller? Caller, Session? Session) Identify(HttpRequest request, bool isLocked, out Presented presented)
    {
        presented = Presented.Nothing;
        if (options.Keys is not { } ring)
        {
            return (Local, null);
        }

        var header = request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            // While an address waits no key is looked at, so that nothing is learnt; a session goes on, for whoever shares the address.
            var key = isLocked || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? null : Find(header[Bearer.Length..].Trim());
            presented = key is not null ? Presented.Right : isLocked ? Presented.WhileLocked : Presented.Wrong;
            return (key is null ? null : new Caller(key.Name, key.Role), null);
        }

        return request.Cookies.TryGetValue(Sessions.Cookie, out var token) && sessions.Find(token) is { } session
            && ring.Keys.FindHash(session.KeyHash.Span, clock.GetUtcNow()) is { } standing
            ? (new Caller(standing.Name, standing.Role), session)
            : (null, null);
    }

    private static bool IsRepeated(HttpRequest request, Session session) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[Sessions.Header].ToString()), Encoding.UTF8.GetBytes(session.Antiforgery));

    private enum Presented
    {
        Nothing,
        Right,
        Wrong,
        WhileLocked,
    }
}

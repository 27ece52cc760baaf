using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Hosting;

/// <summary>Says every failure as problem details, with what to do, and never what only the log may hold.</summary>
internal sealed partial class ProblemWriter(ILogger<ProblemWriter> logger) : IExceptionHandler
{
    private const string MediaType = "application/problem+json";
    private const string UnknownOutcome = "Whether anything was written is not known: look before you repeat a command.";

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string? detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Title = title, Detail = detail }, ApiJson.Options, MediaType, context.RequestAborted);
    }

    /// <summary>Takes away what says no more than the status does, so that problems look alike whoever writes them.</summary>
    public static void Trim(ProblemDetailsContext context)
    {
        context.ProblemDetails.Type = null;
        context.ProblemDetails.Extensions.Remove("traceId");
    }

    /// <summary>What stands for a status that has no body yet.</summary>
    public static Task WriteAsync(StatusCodeContext status)
    {
        var (title, detail) = WordsOf(status.HttpContext.Response.StatusCode);
        return WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode, title, detail);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad =>
                (bad.StatusCode, "The request cannot be understood", DetailOf(bad)),
            BadHttpRequestException bad => (bad.StatusCode, WordsOf(bad.StatusCode).Title, WordsOf(bad.StatusCode).Detail),
            RequestException bad => (StatusCodes.Status400BadRequest, "The request cannot be understood", bad.Message),
            JsonException bad => (StatusCodes.Status400BadRequest, "The request cannot be understood", DetailOf(bad)),
            EngineAwayException away => (StatusCodes.Status503ServiceUnavailable, "The engine is not ready", away.Message),
            StoreException => (StatusCodes.Status503ServiceUnavailable, "The store does not answer", UnknownOutcome),
            OrleansException => (StatusCodes.Status503ServiceUnavailable, "A silo did not answer", UnknownOutcome),
            TimeoutException => (StatusCodes.Status504GatewayTimeout, "The engine did not answer in time", UnknownOutcome),
            OperationCanceledException => (StatusCodes.Status499ClientClosedRequest, "The request was given up", null),
            _ => (StatusCodes.Status500InternalServerError, "The request failed", "The silo's log says why. " + UnknownOutcome),
        };
        if (status >= StatusCodes.Status500InternalServerError && exception is not EngineAwayException)
        {
            // The path alone: a query may hold what is nobody's business.
            LogFailed(logger, exception, httpContext.Request.Method, httpContext.Request.Path.Value ?? "");
        }

        if (httpContext.Response.HasStarted)
        {
            return false;
        }

        await WriteAsync(httpContext, status, title, detail);
        return true;
    }

    private static (string Title, string? Detail) WordsOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => ("There is nothing at this address", "See /openapi/v1.json for what there is."),
        StatusCodes.Status405MethodNotAllowed => ("This address does not take this method", "See /openapi/v1.json for what there is."),
        StatusCodes.Status408RequestTimeout => ("The request came too slowly", null),
        StatusCodes.Status413PayloadTooLarge => ("The body is too long", $"At most {ApiLimits.MostBody} bytes are read; send several."),
        StatusCodes.Status415UnsupportedMediaType => ("The body has to be JSON", "Send it with Content-Type: application/json."),
        StatusCodes.Status429TooManyRequests => ("Too many requests", "Wait a second, then go on more slowly."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => ("The headers are too long", null),
        _ => ("The request was not served", null),
    };

    private static string DetailOf(BadHttpRequestException bad) => bad.InnerException is JsonException json ? DetailOf(json) : bad.Message;

    private static string DetailOf(JsonException json) =>
        $"{json.Path ?? "$"} at byte {json.BytePositionInLine ?? 0}: {json.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}";

    [LoggerMessage(4010, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);
}

/// <summary>A parameter that is none; the message names it, its value and what it may be.</summary>
internal sealed class RequestException(string message) : Exception(message);

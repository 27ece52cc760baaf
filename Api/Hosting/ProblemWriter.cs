using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Hosting;

/// <summary>Says every failure as problem details, with what to do, and never what only the log may hold.</summary>
internal sealed class ProblemWriter : IExceptionHandler
{
    private const string MediaType = "application/problem+json";

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string? detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Title = title, Detail = detail }, ApiJson.Options, MediaType, context.RequestAborted);
    }

    /// <summary>What stands for a status that has no body yet.</summary>
    public static Task WriteAsync(StatusCodeContext status) => WriteAsync(
        status.HttpContext, status.HttpContext.Response.StatusCode,
        status.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address",
            StatusCodes.Status405MethodNotAllowed => "This address does not take this method",
            StatusCodes.Status413PayloadTooLarge => "The body is too long",
            StatusCodes.Status415UnsupportedMediaType => "The body has to be application/json",
            StatusCodes.Status429TooManyRequests => "Too many requests",
            _ => "The request was not served",
        },
        status.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "See /openapi/v1.json for what there is.",
            StatusCodes.Status429TooManyRequests => "Wait a second, then go on more slowly.",
            _ => null,
        });

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be understood", DetailOf(bad)),
            RequestException bad => (StatusCodes.Status400BadRequest, "The request cannot be understood", bad.Message),
            EngineAwayException away => (StatusCodes.Status503ServiceUnavailable, "The engine is not ready", away.Message),
            StoreException => (
                StatusCodes.Status503ServiceUnavailable, "The store does not answer",
                "Whether anything was written is not known: look before you repeat a command."),
            TimeoutException => (
                StatusCodes.Status504GatewayTimeout, "The engine did not answer in time",
                "The outcome is not known: look before you repeat a command."),
            OperationCanceledException => (StatusCodes.Status499ClientClosedRequest, "The request was given up", null),
            _ => (
                StatusCodes.Status500InternalServerError, "The request failed",
                (string?)"The silo's log says why. The outcome is not known: look before you repeat a command."),
        };
        if (httpContext.Response.HasStarted)
        {
            return false;
        }

        await WriteAsync(httpContext, status, title, detail);
        return true;
    }

    private static string DetailOf(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? $"{json.Path ?? "$"} at byte {json.BytePositionInLine ?? 0}: {FirstSentence(json.Message)}"
        : bad.Message;

    private static string FirstSentence(string text) => text.Split(" Path:")[0];
}

/// <summary>A parameter that is none; the message names it, its value and what it may be.</summary>
internal sealed class RequestException(string message) : Exception(message);

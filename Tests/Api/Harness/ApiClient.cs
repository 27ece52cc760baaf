using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace TradingEngine.Tests.Api.Harness;

/// <summary>Somebody who speaks HTTP to the API, and nothing else.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string? key = null, HttpMessageHandler? handler = null)
    {
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public Uri Address => _http.BaseAddress!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<ApiAnswer> PostAsync(string path, string? json = null) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
    });

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, Stop);
            return new ApiAnswer(
                response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(Stop),
                response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
        }
    }

    /// <summary>An answer as it comes in, once its head is there.</summary>
    public async Task<Stream> StreamAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStreamAsync(Stop);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer, whole.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string? Type, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The answer, which has to be a problem of that status that says something.</summary>
    public ApiAnswer IsProblem(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Status} in place of {status}: {Body}");
        Assert.Equal("application/problem+json", Type);
        Assert.Equal((int)status, (int)Json["status"]!);
        Assert.NotEqual("", (string)Json["title"]!);
        Assert.Equal("nosniff", Headers["X-Content-Type-Options"]);
        Assert.Contains("default-src 'self'", Headers["Content-Security-Policy"], StringComparison.Ordinal);
        return this;
    }

    /// <summary>The answer, which has to be a success.</summary>
    public ApiAnswer IsDone()
    {
        Assert.True((int)Status is >= 200 and < 300, $"{Status}: {Body}");
        return this;
    }
}

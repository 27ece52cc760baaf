using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using TradingEngine.Tests.Cluster.Harness;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>A listener on a free port of this machine that keeps what it is sent.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly ConcurrentQueue<int> _answers = new();

    public Receiver()
    {
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ListenAsync();
    }

    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}");

    /// <summary>What came so far, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Answers the next requests with these, and then with 200.</summary>
    public void AnswerWith(params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            _answers.Enqueue(status);
        }
    }

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        try
        {
            while (_listener.IsListening)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var status = _answers.TryDequeue(out var given) ? given : 200;
                _requests.Enqueue(new ReceivedRequest(
                    context.Request.RawUrl ?? "", body.ToArray(),
                    context.Request.Headers.AllKeys.ToDictionary(key => key!, key => context.Request.Headers[key]!, StringComparer.OrdinalIgnoreCase), status));
                context.Response.StatusCode = status;
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

/// <summary>A request.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Answer">Status it was answered with.</param>
internal sealed record ReceivedRequest(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers, int Answer)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

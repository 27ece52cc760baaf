using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>A Lua script, called by its hash and sent whole only to a Redis that does not hold it.</summary>
internal sealed class RedisScript
{
    private readonly string _body;
    private readonly string _hash;

    [SuppressMessage("Security", "CA5350", Justification = "EVALSHA names scripts by SHA-1; nothing is protected by it.")]
    public RedisScript(string body)
    {
        _body = body;
        _hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(body)));
    }

    /// <summary>Writes one call, of keys and arguments collected in buffers of their own.</summary>
    public void Write(RespBuffer target, RespBuffer keys, RespBuffer arguments)
    {
        WriteHead(target, keys.Arguments, arguments.Arguments);
        target.Append(keys.Written.Span).Append(arguments.Written.Span);
    }

    /// <summary>Begins one call; that many keys and arguments must follow.</summary>
    public void WriteHead(RespBuffer target, int keys, int arguments) =>
        target.Command(3 + keys + arguments).Add("EVALSHA").Add(_hash).Add(keys);

    /// <summary>Writes the command that makes Redis hold the script.</summary>
    public void WriteLoad(RespBuffer target) => target.Command("SCRIPT", "LOAD", _body);

    /// <summary>Runs the script once.</summary>
    public async Task<RespValue> RunAsync(
        RespClient client, RespBuffer keys, RespBuffer arguments, CancellationToken cancellation,
        Action<RespValue[]>? inOrder = null)
    {
        using var buffer = new RespBuffer();
        Write(buffer, keys, arguments);
        var replies = await client.CallAsync(buffer, 1, cancellation, inOrder);
        if (replies[0].IsErrorOf("NOSCRIPT"))
        {
            buffer.Clear();
            WriteLoad(buffer);
            Write(buffer, keys, arguments);
            // The load's reply comes first, so the caller's hook is given the second alone.
            replies = await client.CallAsync(buffer, 2, cancellation, all => inOrder?.Invoke(all[1..]));
            replies = replies[1..];
        }

        return replies[0].OrThrow();
    }
}

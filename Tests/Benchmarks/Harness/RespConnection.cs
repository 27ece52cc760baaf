using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>
/// A blocking RESP2 connection: commands are buffered until <see cref="Flush"/>, replies are read in order.
/// It is bare on purpose: what a client library adds would be counted as the engine's. For one thread at a time.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket _socket;
    private byte[] _output = new byte[64 * 1024];
    private int _outputLength;
    private byte[] _input = new byte[256 * 1024];
    private int _inputStart;
    private int _inputEnd;

    public RespConnection(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether a reply, or a part of one, can be read without waiting.</summary>
    public bool HasInput => _inputEnd > _inputStart || _socket.Available > 0;

    /// <summary>Buffers one command.</summary>
    public void Write(params ReadOnlySpan<string> arguments)
    {
        WriteHeader(arguments.Length);
        foreach (var argument in arguments)
        {
            WriteArgument(argument);
        }
    }

    /// <summary>Begins a command of <paramref name="count"/> arguments, which must follow.</summary>
    public void WriteHeader(int count) => WriteLength((byte)'*', count);

    /// <summary>Buffers an argument as UTF-8.</summary>
    public void WriteArgument(string argument) => WriteArgument(Encoding.UTF8.GetBytes(argument));

    /// <summary>Buffers an argument of raw bytes.</summary>
    public void WriteArgument(ReadOnlySpan<byte> argument)
    {
        WriteLength((byte)'$', argument.Length);
        WriteRaw(argument);
        WriteRaw("\r\n"u8);
    }

    /// <summary>Buffers bytes that are RESP already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (_outputLength + bytes.Length > _output.Length)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _outputLength + bytes.Length));
        }
        bytes.CopyTo(_output.AsSpan(_outputLength));
        _outputLength += bytes.Length;
    }

    /// <summary>Sends what was buffered, in one call of the system where it fits.</summary>
    public void Flush()
    {
        var sent = 0;
        while (sent < _outputLength)
        {
            sent += _socket.Send(_output.AsSpan(sent, _outputLength - sent));
        }
        _outputLength = 0;
    }

    /// <summary>Sends one command and returns its reply: text, number as text, or null.</summary>
    public string? Call(params ReadOnlySpan<string> arguments)
    {
        Write(arguments);
        Flush();
        return ReadText();
    }

    /// <summary>Reads a bulk string that stays valid until the next read; false for a null reply.</summary>
    public bool TryReadBulk(out ReadOnlySpan<byte> value)
    {
        var line = ReadLine();
        if (line[0] != (byte)'$')
        {
            // BLMOVE answers a null array when it times out.
            value = default;
            return line.SequenceEqual("*-1"u8) ? false : throw Unexpected(line);
        }
        var length = Number(line);
        value = length < 0 ? default : ReadBytes(length);
        return length >= 0;
    }

    /// <summary>Reads the head of an array: its length, or -1 for null.</summary>
    public int ReadArray()
    {
        var line = ReadLine();
        return line[0] == (byte)'*' ? Number(line) : line.SequenceEqual("$-1"u8) ? -1 : throw Unexpected(line);
    }

    /// <summary>Reads a reply whose value does not matter; an error still throws.</summary>
    public void SkipReply() => _ = ReadText();

    public void Dispose() => _socket.Dispose();

    private string? ReadText()
    {
        var line = ReadLine();
        switch (line[0])
        {
            case (byte)'+' or (byte)':':
                return Encoding.UTF8.GetString(line[1..]);
            case (byte)'$':
                var length = Number(line);
                return length < 0 ? null : Encoding.UTF8.GetString(ReadBytes(length));
            default:
                throw Unexpected(line);
        }
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        var scanned = 0;
        while (true)
        {
            var end = _input.AsSpan(_inputStart + scanned, _inputEnd - _inputStart - scanned).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = _input.AsSpan(_inputStart, scanned + end);
                _inputStart += scanned + end + 2;
                return line.Length > 0 && line[0] != (byte)'-' ? line : throw Unexpected(line);
            }
            scanned = Math.Max(0, _inputEnd - _inputStart - 1);
            Receive();
        }
    }

    private ReadOnlySpan<byte> ReadBytes(int length)
    {
        while (_inputEnd - _inputStart < length + 2)
        {
            Receive();
        }
        var bytes = _input.AsSpan(_inputStart, length);
        _inputStart += length + 2;
        return bytes;
    }

    private void Receive()
    {
        if (_inputStart > 0)
        {
            _input.AsSpan(_inputStart, _inputEnd - _inputStart).CopyTo(_input);
            _inputEnd -= _inputStart;
            _inputStart = 0;
        }
        if (_inputEnd == _input.Length)
        {
            Array.Resize(ref _input, _input.Length * 2);
        }
        var received = _socket.Receive(_input.AsSpan(_inputEnd));
        _inputEnd += received > 0 ? received : throw new RespException("Redis closed the connection.");
    }

    private void WriteLength(byte kind, int value)
    {
        Span<byte> line = stackalloc byte[16];
        line[0] = kind;
        _ = Utf8Formatter.TryFormat(value, line[1..], out var digits);
        "\r\n"u8.CopyTo(line[(1 + digits)..]);
        WriteRaw(line[..(digits + 3)]);
    }

    private static int Number(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line[1..], out int value, out _) ? value : throw Unexpected(line);

    private static RespException Unexpected(ReadOnlySpan<byte> line) =>
        new($"Redis answered: {Encoding.UTF8.GetString(line)}");
}

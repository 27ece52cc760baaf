using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Commands as bytes, in a rented array that grows. Not thread-safe; dispose gives the array back.</summary>
internal sealed class RespBuffer : IDisposable
{
    private const int Keep = 1024 * 1024;
    private byte[] _data;

    public RespBuffer(int capacity = 1024)
    {
        _data = ArrayPool<byte>.Shared.Rent(capacity);
    }

    public int Length { get; private set; }

    /// <summary>Arguments written since the buffer was empty, for a script whose number of arguments is known only at the end.</summary>
    public int Arguments { get; private set; }

    public ReadOnlyMemory<byte> Written => _data.AsMemory(0, Length);

    /// <summary>Starts a command of <paramref name="arguments"/> words, its name included.</summary>
    public RespBuffer Command(int arguments)
    {
        Header((byte)'*', arguments);
        return this;
    }

    /// <summary>A whole command of text words.</summary>
    public RespBuffer Command(params ReadOnlySpan<string> words)
    {
        Command(words.Length);
        foreach (var word in words)
        {
            Add(word);
        }

        return this;
    }

    public RespBuffer Add(ReadOnlySpan<byte> value)
    {
        Header((byte)'$', value.Length);
        value.CopyTo(Reserve(value.Length + 2));
        Length += value.Length;
        return EndArgument();
    }

    public RespBuffer Add(string value) => Add(string.Empty, value);

    /// <summary>One word made of two parts.</summary>
    public RespBuffer Add(string prefix, string value)
    {
        var size = Encoding.UTF8.GetByteCount(prefix) + Encoding.UTF8.GetByteCount(value);
        Header((byte)'$', size);
        var target = Reserve(size + 2);
        Encoding.UTF8.GetBytes(value, target[Encoding.UTF8.GetBytes(prefix, target)..]);
        Length += size;
        return EndArgument();
    }

    public RespBuffer Add(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var size);
        return Add(digits[..size]);
    }

    /// <summary>Leaves room for an argument of <paramref name="size"/> bytes and returns where it stands.</summary>
    public int AddHole(int size)
    {
        Header((byte)'$', size);
        Reserve(size + 2);
        var at = Length;
        Length += size;
        EndArgument();
        return at;
    }

    /// <summary>Fills a hole with numbers, little-endian.</summary>
    public void FillHole(int at, ReadOnlySpan<int> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_data.AsSpan(at + (i * sizeof(int))), numbers[i]);
        }
    }

    /// <summary>Appends what another buffer holds, as it is.</summary>
    public RespBuffer Append(ReadOnlySpan<byte> raw)
    {
        raw.CopyTo(Reserve(raw.Length));
        Length += raw.Length;
        return this;
    }

    /// <summary>Empties the buffer, and gives back an array that one large message made grow.</summary>
    public void Clear()
    {
        Length = 0;
        Arguments = 0;
        if (_data.Length > Keep)
        {
            ArrayPool<byte>.Shared.Return(_data);
            _data = ArrayPool<byte>.Shared.Rent(1024);
        }
    }

    public void Dispose()
    {
        if (_data.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_data);
            _data = [];
            Length = 0;
        }
    }

    private RespBuffer EndArgument()
    {
        "\r\n"u8.CopyTo(_data.AsSpan(Length));
        Length += 2;
        Arguments++;
        return this;
    }

    private void Header(byte kind, int number)
    {
        var target = Reserve(16);
        target[0] = kind;
        Utf8Formatter.TryFormat(number, target[1..], out var size);
        "\r\n"u8.CopyTo(target[(size + 1)..]);
        Length += size + 3;
    }

    private Span<byte> Reserve(int size)
    {
        if (_data.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + size), _data.Length * 2));
            _data.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }

        return _data.AsSpan(Length);
    }
}

using System.Buffers.Text;
using System.Text;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Finds the end of the reply at the start of a growing buffer. It remembers how far it has looked, so that a reply of
/// megabytes that arrives in many pieces is looked at once.
/// </summary>
internal struct RespScanner
{
    private const int MaxLine = 64 * 1024;
    private int _offset;
    private int _missing;

    /// <summary>True when <paramref name="data"/> starts with a whole reply, of that length. The next call starts anew.</summary>
    public bool TryScan(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (_offset == 0)
        {
            _missing = 1;
        }

        while (_missing > 0)
        {
            var rest = data[_offset..];
            var end = rest.IndexOf("\r\n"u8);
            if (end <= 0)
            {
                return rest.Length <= MaxLine ? false : throw new InvalidDataException("Redis sent an endless line.");
            }

            var next = end + 2;
            switch (rest[0])
            {
                case (byte)'+' or (byte)'-' or (byte)':':
                    _missing--;
                    break;
                case (byte)'$':
                    var size = RespParser.ParseNumber(rest[1..end]);
                    next = size < 0 ? next : checked(next + (int)size + 2);
                    if (rest.Length < next)
                    {
                        return false;
                    }

                    _missing--;
                    break;
                case (byte)'*':
                    _missing = checked(_missing - 1 + (int)Math.Max(RespParser.ParseNumber(rest[1..end]), 0));
                    break;
                default:
                    throw new InvalidDataException($"Redis sent a reply of unknown kind 0x{rest[0]:x2}.");
            }

            _offset += next;
        }

        length = _offset;
        _offset = 0;
        return true;
    }
}

/// <summary>Reads a whole reply that a <see cref="RespScanner"/> found.</summary>
internal static class RespParser
{
    public static RespValue Parse(ReadOnlySpan<byte> data)
    {
        var offset = 0;
        return Parse(data, ref offset);
    }

    internal static long ParseNumber(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length
            ? value
            : throw new InvalidDataException("Redis sent a number that is none.");

    private static RespValue Parse(ReadOnlySpan<byte> data, ref int offset)
    {
        var kind = data[offset];
        var rest = data[(offset + 1)..];
        var end = rest.IndexOf("\r\n"u8);
        var line = rest[..end];
        offset += end + 3;
        switch (kind)
        {
            case (byte)'+':
                return RespValue.Simple(line.SequenceEqual("OK"u8) ? "OK" : Encoding.UTF8.GetString(line));
            case (byte)'-':
                return RespValue.Error(Encoding.UTF8.GetString(line));
            case (byte)':':
                return RespValue.Number(ParseNumber(line));
            case (byte)'$':
                var size = (int)ParseNumber(line);
                if (size < 0)
                {
                    return RespValue.Null();
                }

                var bytes = data.Slice(offset, size).ToArray();
                offset += size + 2;
                return RespValue.Bulk(bytes);
            default:
                var count = (int)ParseNumber(line);
                if (count < 0)
                {
                    return RespValue.Null();
                }

                var items = new RespValue[count];
                for (var i = 0; i < count; i++)
                {
                    items[i] = Parse(data, ref offset);
                }

                return RespValue.Array(items);
        }
    }
}

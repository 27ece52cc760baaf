using System.Globalization;
using System.Text;

namespace TradingEngine.Streaming.Redis.Storage;

internal enum RespKind : byte
{
    Null = 0,
    Simple = 1,
    Error = 2,
    Integer = 3,
    Bulk = 4,
    Array = 5,
}

/// <summary>A reply of Redis.</summary>
internal readonly struct RespValue
{
    private readonly object? _content;
    private readonly long _integer;

    private RespValue(RespKind kind, object? content, long integer)
    {
        Kind = kind;
        _content = content;
        _integer = integer;
    }

    public RespKind Kind { get; }

    public bool IsNull => Kind == RespKind.Null;

    public bool IsError => Kind == RespKind.Error;

    /// <summary>The elements of an array; empty for anything else.</summary>
    public RespValue[] Items => _content as RespValue[] ?? [];

    /// <summary>The bytes of a bulk string; empty for anything else.</summary>
    public byte[] Bytes => _content as byte[] ?? [];

    /// <summary>Text of a simple, error or bulk string.</summary>
    public string Text => _content switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Kind == RespKind.Integer ? _integer.ToString(CultureInfo.InvariantCulture) : string.Empty,
    };

    /// <summary>An integer reply, or the integer a bulk string spells; 0 when null.</summary>
    public long Integer => Kind switch
    {
        RespKind.Integer => _integer,
        RespKind.Null => 0,
        RespKind.Bulk => long.Parse(Bytes, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException($"Redis answered {Kind} '{Text}' where a number was expected."),
    };

    public static RespValue Null() => default;

    public static RespValue Simple(string text) => new(RespKind.Simple, text, 0);

    public static RespValue Error(string text) => new(RespKind.Error, text, 0);

    public static RespValue Number(long value) => new(RespKind.Integer, null, value);

    public static RespValue Bulk(byte[] bytes) => new(RespKind.Bulk, bytes, 0);

    public static RespValue Array(RespValue[] items) => new(RespKind.Array, items, 0);

    public bool IsErrorOf(string prefix) => IsError && Text.StartsWith(prefix, StringComparison.Ordinal);
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Trading.Audit;

/// <summary>The hashes of the audit: SHA-256 in lower-case hexadecimal digits.</summary>
public static class AuditHash
{
    /// <summary>Stands in a record where its line's hash will be, while the record itself is hashed.</summary>
    public static string Blank { get; } = new('0', SHA256.HashSizeInBytes * 2);

    private static ReadOnlySpan<byte> Field => "\"AuditHash\":\""u8;

    /// <summary>The hash of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The hash of an entry with the id its store gave it.</summary>
    public static byte[] OfEntry(string id, ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        var name = Encoding.UTF8.GetBytes(id);
        BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
        hash.AppendData(length);
        hash.AppendData(name);
        hash.AppendData(line);
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of a position's record, with <see cref="Blank"/> in place of its line's hash; null where it has no such place.</summary>
    public static string? OfRecord(ReadOnlySpan<byte> record)
    {
        if (PlaceIn(record) is not { } place)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(record[..place]);
        hash.AppendData(Encoding.ASCII.GetBytes(Blank));
        hash.AppendData(record[(place + Blank.Length)..]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The line's hash in a record; null where there is none.</summary>
    public static string? InRecord(ReadOnlySpan<byte> record) =>
        PlaceIn(record) is { } place ? Encoding.ASCII.GetString(record.Slice(place, Blank.Length)) : null;

    /// <summary>Writes the line's hash into a record that was made with <see cref="Blank"/>.</summary>
    public static void Stamp(Span<byte> record, string hash)
    {
        var place = PlaceIn(record) ?? throw new ArgumentException("The record has no place for the hash.", nameof(record));
        Encoding.ASCII.GetBytes(hash, record[place..]);
    }

    // Within a string of JSON a quote is escaped, so the field's name can stand nowhere else.
    private static int? PlaceIn(ReadOnlySpan<byte> record)
    {
        var at = record.LastIndexOf(Field);
        var place = at + Field.Length;
        return at >= 0 && record.Length > place + Blank.Length && record[place + Blank.Length] == (byte)'"' ? place : null;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace TradingEngine.Streaming.Archive;

/// <summary>
/// Segments as text in gzip: a line begins with what it holds. <c>H</c> number and first sequence, <c>E</c> id and entry,
/// <c>S</c> number and seal, <c>R</c> sequence, id, version and record; fields are separated by tabs. <c>e</c> and <c>r</c>
/// hold in base 64 what would break a line.
/// </summary>
internal static class SegmentFormat
{
    public static byte[] Write(Segment segment)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            Line(gzip, 'H', [Text(segment.Number), Text(segment.First)], default);
            foreach (var entry in segment.Entries)
            {
                Line(gzip, 'E', [entry.Id], entry.Line);
            }

            foreach (var (number, data) in segment.Seals)
            {
                Line(gzip, 'S', [Text(number)], data);
            }

            foreach (var record in segment.Records)
            {
                Line(gzip, 'R', [Text(record.Sequence), record.Subject, Text(record.Version)], record.Data);
            }
        }

        return target.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no segment.</exception>
    public static Segment Read(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        var entries = new List<SegmentEntry>();
        var seals = new List<(long, ReadOnlyMemory<byte>)>();
        var records = new List<SegmentRecord>();
        (long Number, long First) head = (0, 0);
        while (bytes.Length > 0)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = bytes[..(end < 0 ? bytes.Length : end)];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            var kind = (char)line.Span[0];
            line = line[2..];
            switch (char.ToUpperInvariant(kind))
            {
                case 'H':
                    head = (Number(Field(ref line)), Number(Field(ref line)));
                    break;
                case 'E':
                    entries.Add(new SegmentEntry(Field(ref line), Data(kind, line)));
                    break;
                case 'S':
                    seals.Add((Number(Field(ref line)), line));
                    break;
                case 'R':
                    records.Add(new SegmentRecord(
                        Number(Field(ref line)), Field(ref line), Number(Field(ref line)), Data(kind, line)));
                    break;
                default:
                    throw new InvalidDataException($"A line of the segment begins with '{kind}'.");
            }
        }

        return new Segment { Number = head.Number, First = head.First, Entries = entries, Seals = seals, Records = records };
    }

    private static void Line(Stream target, char kind, ReadOnlySpan<string> fields, ReadOnlyMemory<byte> data)
    {
        var breaks = data.Span.IndexOfAny((byte)'\n', (byte)'\r') >= 0;
        target.WriteByte((byte)(breaks ? char.ToLowerInvariant(kind) : kind));
        foreach (var field in fields)
        {
            target.WriteByte((byte)'\t');
            target.Write(Encoding.UTF8.GetBytes(Plain(field)));
        }

        target.WriteByte((byte)'\t');
        target.Write(breaks ? Encoding.ASCII.GetBytes(Convert.ToBase64String(data.Span)) : data.Span);
        target.WriteByte((byte)'\n');
    }

    /// <summary>Ids are of letters and digits; one that somebody wrote into the store by hand must not break the file.</summary>
    private static string Plain(string field) => field.IndexOfAny(['\t', '\n', '\r']) < 0
        ? field
        : Convert.ToHexString(Encoding.UTF8.GetBytes(field));

    private static ReadOnlyMemory<byte> Data(char kind, ReadOnlyMemory<byte> line) =>
        char.IsLower(kind) ? Convert.FromBase64String(Encoding.ASCII.GetString(line.Span)) : line;

    private static string Field(ref ReadOnlyMemory<byte> line)
    {
        var tab = line.Span.IndexOf((byte)'\t');
        if (tab < 0)
        {
            throw new InvalidDataException("A line of the segment lacks a field.");
        }

        var field = Encoding.UTF8.GetString(line.Span[..tab]);
        line = line[(tab + 1)..];
        return field;
    }

    private static long Number(string field) => long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"'{field}' is no number of a segment.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

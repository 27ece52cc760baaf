using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TradingEngine.Streaming.Archive;

/// <summary>
/// Segment files in a directory. A file is written beside, forced to the disk, given its name, and read back; its name holds
/// the hash of its bytes, so that one that was damaged shows. Beside it lies an index of what it is about. Thread-safe.
/// </summary>
public sealed partial class SegmentFiles(string directory)
{
    private const string Suffix = ".seg.gz";
    private const string IndexSuffix = ".ids";

    /// <summary>Where they are.</summary>
    public string Directory => directory;

    /// <summary>The files, oldest first.</summary>
    public IReadOnlyList<SegmentFile> List() => List("audit-*" + Suffix);

    private List<SegmentFile> List(string pattern)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            return [];
        }

        var files = new List<SegmentFile>();
        foreach (var path in System.IO.Directory.EnumerateFiles(directory, pattern))
        {
            if (FileName().Match(Path.GetFileName(path)) is { Success: true } match)
            {
                long Number(int group) => long.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);
                files.Add(new SegmentFile(Number(1), Number(2), Number(3), match.Groups[4].Value, path));
            }
        }

        files.Sort((left, right) => left.Number.CompareTo(right.Number));
        return files;
    }

    /// <summary>Writes a segment; when it returns, the file is on the disk under its name and was read back.</summary>
    /// <exception cref="IOException">It could not be written, or reads back otherwise.</exception>
    public SegmentFile Write(Segment segment)
    {
        System.IO.Directory.CreateDirectory(directory);
        var bytes = SegmentFormat.Write(segment);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture,
            $"audit-{segment.Number:D10}-{segment.First}-{segment.Last}-{hash}.seg.gz"));
        var ids = segment.Entries.Select(entry => entry.Subject).Concat(segment.Records.Select(record => record.Subject))
            .Select(KeyOf).Distinct().Order().ToArray();
        var index = new byte[ids.Length * sizeof(ulong)];
        for (var i = 0; i < ids.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(index.AsSpan(i * sizeof(ulong)), ids[i]);
        }

        Put(path + IndexSuffix, index);
        Put(path, bytes);
        SyncDirectory();
        var file = new SegmentFile(segment.Number, segment.First, segment.Last, hash, path);
        var back = Read(file);
        return back.Entries.Count == segment.Entries.Count && back.Records.Count == segment.Records.Count
            ? file
            : throw new IOException($"{path} reads back with {back.Entries.Count} of {segment.Entries.Count} entries.");
    }

    /// <summary>Reads a segment.</summary>
    /// <exception cref="InvalidDataException">The file is not as it was written.</exception>
    public static Segment Read(SegmentFile file)
    {
        var bytes = File.ReadAllBytes(file.Path);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Hash)
        {
            throw new InvalidDataException($"{file.Path} is not as it was written: its bytes have another hash than its name says.");
        }

        return SegmentFormat.Read(bytes);
    }

    /// <summary>False when a segment says nothing of a subject; true when it may.</summary>
    public static bool MayHold(SegmentFile file, string subject)
    {
        try
        {
            using var index = File.OpenHandle(file.Path + IndexSuffix);
            var key = KeyOf(subject);
            Span<byte> at = stackalloc byte[sizeof(ulong)];
            long low = 0, high = (RandomAccess.GetLength(index) / sizeof(ulong)) - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                RandomAccess.Read(index, at, middle * sizeof(ulong));
                var found = BinaryPrimitives.ReadUInt64BigEndian(at);
                if (found == key)
                {
                    return true;
                }

                (low, high) = found < key ? (middle + 1, high) : (low, middle - 1);
            }

            return false;
        }
        catch (IOException)
        {
            // Without its index the file itself is read.
            return true;
        }
    }

    /// <summary>Deletes files of this number that are not this one: attempts that were not committed.</summary>
    public void DeleteOthers(SegmentFile committed)
    {
        var before = string.Create(CultureInfo.InvariantCulture, $"audit-{committed.Number:D10}");
        foreach (var file in List(before + "-*" + Suffix).Where(file => file.Hash != committed.Hash))
        {
            File.Delete(file.Path);
            File.Delete(file.Path + IndexSuffix);
        }

        // Of a writer that died; those of this number may still be written.
        foreach (var path in System.IO.Directory.EnumerateFiles(directory, "audit-*.tmp")
            .Where(path => string.CompareOrdinal(Path.GetFileName(path), before) < 0))
        {
            File.Delete(path);
        }
    }

    private static ulong KeyOf(string subject) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));

    private static void Put(string path, byte[] bytes)
    {
        // Two movers may write the same bytes at the same time: each under a name of its own.
        var beside = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>A new name survives a loss of power only once its directory is on the disk too.</summary>
    private void SyncDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes(directory + '\0'), 0);
        if (handle < 0)
        {
            throw new IOException($"{directory} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        }

        var failed = Sync(handle) != 0;
        _ = Close(handle);
        if (failed)
        {
            throw new IOException($"{directory} cannot be forced to the disk.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);

    [GeneratedRegex(@"^audit-(\d{10})-(\d+)-(\d+)-([0-9a-f]{64})\.seg\.gz\z")]
    private static partial Regex FileName();
}

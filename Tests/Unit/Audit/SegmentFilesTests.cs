using System.Text;
using TradingEngine.Streaming.Archive;
using Xunit;

namespace TradingEngine.Tests.Unit.Audit;

/// <summary>Segment files give back what was put into them, or say that they cannot.</summary>
public sealed class SegmentFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-segments-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Segment_reads_back_as_it_was_written_whatever_bytes_it_holds()
    {
        var files = new SegmentFiles(_directory.FullName);
        var file = files.Write(Segment(3, 101));

        var back = SegmentFiles.Read(Assert.Single(files.List()));

        Assert.Equal((3L, 101L, 103L), (file.Number, file.First, file.Last));
        Assert.Equal(["plain", "with\na break", "\0\t{}\r"], back.Entries.Select(entry => Encoding.UTF8.GetString(entry.Line.Span)));
        Assert.Equal((101L, "p1", 7L, "record\nof p1"), back.Records.Select(record =>
            (record.Sequence, record.Subject, record.Version, Encoding.UTF8.GetString(record.Data.Span))).Single());
        Assert.Equal((12L, "{}"), back.Seals.Select(seal => (seal.Number, Encoding.UTF8.GetString(seal.Data.Span))).Single());
    }

    [Fact]
    public void Damaged_file_is_refused()
    {
        var files = new SegmentFiles(_directory.FullName);
        var file = files.Write(Segment(1, 1));
        var bytes = File.ReadAllBytes(file.Path);
        bytes[^9] ^= 1;
        File.WriteAllBytes(file.Path, bytes);

        Assert.Throws<InvalidDataException>(() => SegmentFiles.Read(file));
    }

    [Fact]
    public void Index_knows_what_a_file_is_about_and_without_it_any_file_may_be()
    {
        var files = new SegmentFiles(_directory.FullName);
        var file = files.Write(Segment(1, 1));

        Assert.True(SegmentFiles.MayHold(file, "p1"));
        Assert.True(SegmentFiles.MayHold(file, "p2"));
        Assert.False(SegmentFiles.MayHold(file, "p3"));
        File.Delete(file.Path + ".ids");
        Assert.True(SegmentFiles.MayHold(file, "p3"));
    }

    [Fact]
    public void Attempt_that_was_not_committed_is_deleted_once_another_was()
    {
        var files = new SegmentFiles(_directory.FullName);
        files.Write(Segment(1, 1));
        var committed = files.Write(Segment(1, 1) with { Records = [] });
        files.Write(Segment(2, 4));

        files.DeleteOthers(committed);

        Assert.Equal([(1L, committed.Hash), (2L, files.List()[1].Hash)], files.List().Select(file => (file.Number, file.Hash)));
    }

    private static Segment Segment(long number, long first) => new()
    {
        Number = number,
        First = first,
        Entries =
        [
            new("1-0", Encoding.UTF8.GetBytes("plain"), "p1"), new("1-1", Encoding.UTF8.GetBytes("with\na break"), "p2"),
            new("1-2", Encoding.UTF8.GetBytes("\0\t{}\r"), "p1"),
        ],
        Seals = [(12, Encoding.UTF8.GetBytes("{}"))],
        Records = [new(first, "p1", 7, Encoding.UTF8.GetBytes("record\nof p1"))],
    };
}

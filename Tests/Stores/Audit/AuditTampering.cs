using System.Globalization;
using System.Text;
using TradingEngine.Client.Commands;
using TradingEngine.Grains.Audit;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Streaming.Commits;
using TradingEngine.Tests.Unit;
using TradingEngine.Tests.Unit.Audit;
using Xunit;

namespace TradingEngine.Tests.Stores.Audit;

/// <summary>
/// Edits an audit where a store keeps it, past the engine, and verifies it as <c>audit verify</c> does, again and again.
/// <c>TRADING_ENGINE_AUDIT_EDITS</c> sets how often, 120 by default.
/// </summary>
internal sealed class AuditTampering(ITradingStore store, IRawAudit raw)
{
    private const int Positions = 12;
    private const int EntriesPerSeal = 7;
    private const int Kinds = 12;
    private const int Edits = 120;
    private const int Seed = 20_261_123;

    private readonly IPartitionStore _partition = store.Partition("0");

    public async Task RunAsync()
    {
        await WriteAsync();
        Assert.Equal(0, await VerifyAsync());
        var lines = (await _partition.ReadAuditAsync(null, 1_000)).Select(entry => new RawLine(entry.Id, Encoding.UTF8.GetString(entry.Line.Span))).ToList();
        var random = new Random(Seed);
        var count = int.TryParse(Environment.GetEnvironmentVariable("TRADING_ENGINE_AUDIT_EDITS"), CultureInfo.InvariantCulture, out var set)
            ? set
            : Edits;
        for (var i = 0; i < count; i++)
        {
            var what = await EditAsync(lines, random, i % Kinds);
            Assert.True(await VerifyAsync() > 0, $"seed {Seed}, edit {i} was not found: {what}");
            await raw.RestoreAsync();
            await raw.WriteLinesAsync(lines);
        }

        Assert.Equal(0, await VerifyAsync());
    }

    /// <summary>Positions and seals, written by the store's own commits.</summary>
    private async Task WriteAsync()
    {
        var audited = AuditedPositions.Create(Positions);
        foreach (var (part, number) in audited.Entries.Chunk(EntriesPerSeal).Select((part, i) => (part, i)))
        {
            foreach (var (_, line) in part)
            {
                var read = AuditLineJson.Read(line)!;
                var record = audited.Records[read.PositionId];

                // Only the last version of a record is ever compared.
                var result = await _partition.CommitAsync(
                [
                    new Commit
                    {
                        Audit = [line], Records = [new RecordWrite("position/" + read.PositionId, read.Version - 1, record.Data)],
                    },
                ]);
                Assert.True(result[0].IsCommitted);
            }

            await new AuditSealer(_partition).SealAsync(Given.Now.AddSeconds(number));
        }
    }

    private async Task<long> VerifyAsync()
    {
        var reader = new AuditReader(_partition, null);
        var walk = new AuditWalk(
            (from, _) => reader.ReadAsync(from, null), (ids, _) => reader.FindAsync(ids),
            async _ => (await AuditHeads.ReadAsync(_partition)).Head);
        try
        {
            await walk.RunAsync(TestContext.Current.CancellationToken);
            return walk.Verifier.BreakCount;
        }
        catch (InvalidDataException)
        {
            // What says how far the audit reaches cannot be read.
            return 1;
        }
    }

    private async Task<string> EditAsync(IReadOnlyList<RawLine> written, Random random, int kind)
    {
        var lines = written.ToList();
        var entry = random.Next(lines.Count);
        var position = string.Create(CultureInfo.InvariantCulture, $"p{random.Next(Positions)}");
        var seal = string.Create(CultureInfo.InvariantCulture, $"audit/seal/{1 + random.Next(lines.Count / EntriesPerSeal)}");
        switch (kind)
        {
            case 0:
                lines[entry] = lines[entry] with { Line = Damage(lines[entry].Line, random) };
                await raw.WriteLinesAsync(lines);
                return $"a character of entry {entry}";
            case 1:
                lines.RemoveAt(entry);
                await raw.WriteLinesAsync(lines);
                return $"entry {entry} removed";
            case 2:
                var other = (entry + 1 + random.Next(lines.Count - 1)) % lines.Count;
                (lines[entry], lines[other]) = (lines[entry] with { Line = lines[other].Line }, lines[other] with { Line = lines[entry].Line });
                await raw.WriteLinesAsync(lines);
                return $"entries {entry} and {other} exchanged";
            case 3:
                lines.RemoveRange(entry, lines.Count - entry);
                await raw.WriteLinesAsync(lines);
                return $"cut at entry {entry}";
            case 4:
                await raw.WriteRecordAsync("position/" + position, text => Damage(text, random));
                return $"a character of {position}";
            case 5:
                await raw.WriteRecordAsync("position/" + position, _ => null);
                return $"{position} removed";
            case 6:
                // Everything behind it moves on by one.
                lines.Add(lines[^1] with { Id = raw.IdAfter(lines[^1].Id) });
                for (var i = lines.Count - 1; i > entry; i--)
                {
                    lines[i] = lines[i] with { Line = lines[i - 1].Line };
                }

                await raw.WriteLinesAsync(lines);
                return $"entry {entry} repeated";
            case 7:
                await raw.WriteRecordAsync(seal, _ => null);
                return $"{seal} removed";
            case 8:
                await raw.WriteRecordAsync(seal, text => Damage(text, random));
                return $"a character of {seal}";
            case 9:
                // Without it nothing would say that there ever were seals.
                await raw.WriteRecordAsync("audit/head", _ => null);
                return "the head removed";
            case 10:
                await raw.WriteRecordAsync("position/" + position, _ => null);
                await raw.WriteLinesAsync([.. lines.Where(line => !line.Line.Contains($"\"position\":\"{position}\"", StringComparison.Ordinal))]);
                return $"{position} with all its entries removed";
            case 11:
                await raw.WriteRecordAsync("audit/head", text => Damage(text, random));
                return "a character of the head";
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an edit.");
        }
    }

    /// <summary>Another printable character somewhere, so that the text stays text.</summary>
    private static string Damage(string text, Random random)
    {
        var at = random.Next(text.Length);
        var other = (char)(' ' + ((text[at] - ' ' + 1 + random.Next('~' - ' ')) % ('~' - ' ' + 1)));
        return string.Concat(text.AsSpan(0, at), [other], text.AsSpan(at + 1));
    }
}

/// <summary>A line as the store keeps it.</summary>
internal sealed record RawLine(string Id, string Line);

/// <summary>A store's audit and records, past the store.</summary>
internal interface IRawAudit
{
    /// <summary>Puts these lines, and no others, in place of what is there.</summary>
    Task WriteLinesAsync(IReadOnlyList<RawLine> lines);

    /// <summary>Changes a record; null removes it.</summary>
    Task WriteRecordAsync(string key, Func<string, string?> change);

    /// <summary>Puts back every record that was changed.</summary>
    Task RestoreAsync();

    /// <summary>An id that may follow.</summary>
    string IdAfter(string id);
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Client.Output;

/// <summary>Dead letters for people.</summary>
internal static class DeadLetterPages
{
    /// <summary>The newest letters.</summary>
    public static TextTable Letters(DeadLetterPage page, DateTimeOffset now)
    {
        var table = new TextTable(
            new Column("Id"), new Column("Queue"), new Column("Reason"), new Column("Detail", 2),
            new Column("Bytes", 3, IsNumber: true), new Column("Deliveries", 4, IsNumber: true), new Column("Age", 3, IsNumber: true));
        foreach (var letter in page.Letters)
        {
            table.Add(
                letter.Id, letter.Queue, letter.Reason, letter.Detail, Words.Number(letter.Size),
                Words.Number(letter.Deliveries), Words.Age(now - letter.Time));
        }

        return table;
    }

    /// <summary>How many there ever were.</summary>
    public static TextTable Counts(DeadLetterPage page)
    {
        var table = new TextTable(new Column("Queue and reason"), new Column("Ever", IsNumber: true));
        foreach (var (name, count) in page.Counts)
        {
            table.Add(name, Words.Number(count));
        }

        return table;
    }

    /// <summary>One letter without its bytes.</summary>
    public static TextTable Letter(DeadLetter letter)
    {
        var table = new TextTable(new Column("Field"), new Column("Value"));
        table.Add("id", letter.Id);
        table.Add("queue", letter.Queue);
        table.Add("entry", letter.EntryId);
        table.Add("reason", letter.Reason);
        table.Add("detail", letter.Detail);
        table.Add("time", letter.Time.ToString("O", CultureInfo.InvariantCulture));
        table.Add("deliveries", Words.Number(letter.Deliveries));
        table.Add("bytes", $"{letter.Size}, of which {letter.Payload.Length} were kept");
        return table;
    }
}

internal sealed record DeadLetterDocument(
    string Id, string Queue, string Entry, string Reason, string Detail, DateTimeOffset Time, int Deliveries, long Size,
    string? Text, string? Bytes)
{
    public static DeadLetterDocument Of(DeadLetter letter)
    {
        var isText = DeadLetterJson.IsText(letter.Payload.Span);
        return InList(letter) with
        {
            Text = isText ? Encoding.UTF8.GetString(letter.Payload.Span) : null,
            Bytes = isText ? null : Convert.ToBase64String(letter.Payload.Span),
        };
    }

    public static DeadLetterDocument InList(DeadLetter letter) => new(
        letter.Id, letter.Queue, letter.EntryId, letter.Reason, letter.Detail, letter.Time, letter.Deliveries, letter.Size, null, null);
}

internal sealed record DeadLettersDocument(
    ImmutableArray<DeadLetterDocument> DeadLetters, long Kept, ImmutableSortedDictionary<string, long> Counts)
{
    public static DeadLettersDocument Of(DeadLetterPage page) =>
        new([.. page.Letters.Select(DeadLetterDocument.InList)], page.Kept, page.Counts);
}

using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace TradingEngine.Client.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Rank">1 is never left out; of the others the highest goes first when the terminal is too narrow.</param>
/// <param name="IsNumber">True to align right.</param>
internal sealed record Column(string Header, int Rank = 1, bool IsNumber = false);

/// <summary>A cell: plain text, and its colour in a terminal.</summary>
internal readonly record struct Cell(string Text, string? Style = null)
{
    public static implicit operator Cell(string text) => new(text);

    public string ToMarkup() => Style is null ? Markup.Escape(Text) : $"[{Style}]{Markup.Escape(Text)}[/]";
}

/// <summary>
/// A table that fits: on a terminal it leaves out what matters least until it is narrow enough, in a pipe it is plain text
/// of whatever width, without borders or colours.
/// </summary>
internal sealed class TextTable(params Column[] columns)
{
    // A border and a space on either side of a cell.
    private const int ColumnOverhead = 3;
    private const int TableOverhead = 1;
    private const string PlainGap = "  ";

    private readonly List<Cell[]> _rows = [];

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a row: a cell for each column.</summary>
    public void Add(params Cell[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, columns.Length);
        _rows.Add(cells);
    }

    /// <summary>The table for a terminal of that width.</summary>
    /// <param name="width">Characters in a line.</param>
    /// <param name="most">Rows to show at most; the rest is counted below.</param>
    public IRenderable ToRenderable(int width, int most = int.MaxValue)
    {
        var shown = Fitting(width);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var index in shown)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(columns[index].Header)}[/]").NoWrap();
            table.AddColumn(columns[index].IsNumber ? column.RightAligned() : column.LeftAligned());
        }

        foreach (var row in _rows.Take(most))
        {
            table.AddRow(shown.Select(index => row[index].ToMarkup()).ToArray());
        }

        var notes = Notes(shown.Count, most);
        return notes.Length == 0 ? table : new Rows(table, new Markup($"[grey]{Markup.Escape(notes)}[/]"));
    }

    /// <summary>Writes the table as aligned plain text.</summary>
    public void WritePlain(TextWriter writer)
    {
        var widths = columns.Select((_, index) => WidthOf(index)).ToArray();
        WriteLine(writer, widths, [.. columns.Select(column => column.Header)]);
        foreach (var row in _rows)
        {
            WriteLine(writer, widths, [.. row.Select(cell => cell.Text)]);
        }
    }

    /// <summary>The table as lines of markup without a frame, none wider than that: what does not fit is left out or cut.</summary>
    /// <param name="width">Characters in a line.</param>
    /// <param name="most">Rows to show at most; the last of them says how many more there are.</param>
    public IEnumerable<string> ToLines(int width, int most)
    {
        var shown = Fitting(width, PlainGap.Length, -PlainGap.Length);
        yield return Line(width, shown, [.. columns.Select(column => new Cell(column.Header, "bold"))]);
        var rows = _rows.Count > most ? Math.Max(0, most - 1) : _rows.Count;
        foreach (var row in _rows.Take(rows))
        {
            yield return Line(width, shown, row);
        }

        if (rows < _rows.Count)
        {
            var note = $"… {_rows.Count - rows} more";
            yield return new Cell(note.Length > width ? note[..width] : note, "grey").ToMarkup();
        }
    }

    private string Line(int width, List<int> shown, Cell[] cells)
    {
        var (line, left) = (new StringBuilder(), width);
        foreach (var index in shown.TakeWhile(_ => left > 0))
        {
            line.Append(line.Length > 0 ? PlainGap : "");
            var text = columns[index].IsNumber ? cells[index].Text.PadLeft(WidthOf(index)) : cells[index].Text.PadRight(WidthOf(index));
            text = text.Length > left ? text[..left] : text;
            line.Append(new Cell(text, cells[index].Style).ToMarkup());
            left -= text.Length + PlainGap.Length;
        }

        return line.ToString();
    }

    private List<int> Fitting(int width, int between = ColumnOverhead, int around = TableOverhead)
    {
        var shown = Enumerable.Range(0, columns.Length).ToList();
        while (shown.Sum(index => WidthOf(index) + between) + around > width)
        {
            var least = shown.MaxBy(index => (columns[index].Rank, index));
            if (columns[least].Rank == 1)
            {
                break;
            }

            shown.Remove(least);
        }

        return shown;
    }

    private int WidthOf(int index) =>
        _rows.Select(row => row[index].Text.Length).Append(columns[index].Header.Length).Max();

    private string Notes(int shown, int most)
    {
        var notes = new List<string>();
        if (_rows.Count > most)
        {
            notes.Add($"{_rows.Count - most} more rows");
        }

        if (shown < columns.Length)
        {
            notes.Add($"{columns.Length - shown} more columns on a wider terminal or with --output json");
        }

        return string.Join("; ", notes);
    }

    private void WriteLine(TextWriter writer, int[] widths, string[] texts) => writer.WriteLine(
        string.Join(PlainGap, texts.Select((text, index) =>
            columns[index].IsNumber ? text.PadLeft(widths[index]) : text.PadRight(widths[index]))).TrimEnd());
}

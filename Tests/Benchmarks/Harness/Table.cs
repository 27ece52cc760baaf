using System.Text;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>A table of text, aligned for a terminal or as markdown; the first column is a label, the rest are figures.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns.", nameof(cells));
        }
        _rows.Add(cells);
    }

    public string Render(bool markdown)
    {
        var widths = columns.Select((name, i) => _rows.Select(row => row[i].Length).Append(name.Length).Max()).ToArray();
        var text = new StringBuilder();
        text.AppendLine(markdown ? $"### {title}" : title).AppendLine();
        text.AppendLine(Line(columns, widths, markdown));
        text.AppendLine(markdown
            ? "|" + string.Concat(widths.Select((width, i) => (i == 0 ? ":" : "-") + new string('-', width) + (i == 0 ? "-|" : ":|")))
            : "  " + string.Join("  ", widths.Select(width => new string('-', width))));
        _rows.ForEach(row => text.AppendLine(Line(row, widths, markdown)));
        return text.ToString();
    }

    private static string Line(string[] cells, int[] widths, bool markdown)
    {
        var padded = cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
        return markdown ? $"| {string.Join(" | ", padded)} |" : ("  " + string.Join("  ", padded)).TrimEnd();
    }
}

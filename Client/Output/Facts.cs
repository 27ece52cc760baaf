using Spectre.Console;
using Spectre.Console.Rendering;

namespace TradingEngine.Client.Output;

/// <summary>Names with values, one to a line.</summary>
internal sealed class Facts
{
    private readonly List<(string Name, Cell Value)> _lines = [];

    /// <summary>Adds a line.</summary>
    public Facts Add(string name, Cell value)
    {
        _lines.Add((name, value));
        return this;
    }

    /// <summary>The lines for a terminal.</summary>
    public IRenderable ToRenderable()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in _lines)
        {
            grid.AddRow($"[grey]{Markup.Escape(name)}[/]", value.ToMarkup());
        }

        return grid;
    }

    /// <summary>Number of lines.</summary>
    public int Count => _lines.Count;

    /// <summary>Writes the lines as plain text.</summary>
    public void WritePlain(TextWriter writer)
    {
        var width = _lines.Max(line => line.Name.Length);
        foreach (var (name, value) in _lines)
        {
            writer.WriteLine($"{name.PadRight(width)}  {value.Text}");
        }
    }
}

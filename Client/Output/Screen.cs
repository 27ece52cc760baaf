using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace TradingEngine.Client.Output;

/// <summary>Where answers go: a terminal, a pipe, or a document for scripts; and errors, always to stderr.</summary>
internal sealed class Screen(OutputForm form)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private long? _told;

    /// <summary>True when stdout carries a document and nothing else.</summary>
    public bool IsJson => form != OutputForm.Table;

    /// <summary>True when that document is CSV.</summary>
    public bool IsCsv => form == OutputForm.Csv;

    /// <summary>True when people look at stdout.</summary>
    public bool IsTerminal { get; } = form == OutputForm.Table && !Console.IsOutputRedirected;

    /// <summary>True when a question can be asked and answered.</summary>
    public bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The terminal.</summary>
    public IAnsiConsole Terminal { get; } = AnsiConsole.Console;

    /// <summary>Writes a document.</summary>
    public void Write<T>(T document, JsonTypeInfo<T> type)
    {
        if (IsCsv)
        {
            CsvRows.Write(_output, JsonSerializer.SerializeToElement(document, type));
        }
        else
        {
            _output.WriteLine(JsonSerializer.Serialize(document, type));
        }
    }

    /// <summary>Writes a line for people.</summary>
    public void Line(string text) => _output.WriteLine(text);

    /// <summary>Writes a line to stderr.</summary>
    public void Error(string text) => _error.WriteLine(text);

    /// <summary>Says how far long work came, in one line of the terminal that the next one replaces; nothing where nobody looks.</summary>
    /// <param name="text">The line; empty takes it away.</param>
    public void Progress(string text)
    {
        var now = Stopwatch.GetTimestamp();
        if (Console.IsErrorRedirected || (text.Length > 0 && _told is { } told && Stopwatch.GetElapsedTime(told, now) < Often))
        {
            return;
        }

        _told = text.Length > 0 ? now : null;
        _error.Write($"\r{text}\u001b[K");
    }

    /// <summary>Shows facts.</summary>
    public void Show(Facts facts)
    {
        if (IsTerminal)
        {
            Terminal.Write(facts.ToRenderable());
        }
        else
        {
            facts.WritePlain(_output);
        }
    }

    /// <summary>Shows a table.</summary>
    public void Show(TextTable table)
    {
        if (IsTerminal)
        {
            Terminal.Write(table.ToRenderable(Terminal.Profile.Width));
        }
        else
        {
            table.WritePlain(_output);
        }
    }

    /// <summary>Says what the operator is to do, and waits for Enter.</summary>
    public async Task PauseAsync(string text, CancellationToken cancellationToken)
    {
        await _error.WriteAsync(text + " ");
        await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Asks a question that only <c>y</c> or <c>yes</c> answers with yes.</summary>
    public async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await _error.WriteAsync($"{question} [y/N] ");

        // Reading a line cannot be cancelled; left alone, it ends with the process.
        var answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}

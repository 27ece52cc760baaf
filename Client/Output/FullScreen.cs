using System.Text;
using Spectre.Console;

namespace TradingEngine.Client.Output;

/// <summary>
/// The whole terminal, on its second screen: what was there before is there again afterwards, also after Ctrl+C. Keys are not echoed.
/// </summary>
internal sealed class FullScreen : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private const string Leave = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ThisLine = "\u001b[2K";
    private const string RestOfScreen = "\u001b[J";

    // Lines are as wide as they are meant to be: nothing is to break them.
    private const int Widest = 10_000;

    private readonly TextWriter _terminal = Console.Out;
    private readonly IAnsiConsole _colours;

    /// <summary>Takes it.</summary>
    public FullScreen(IAnsiConsole terminal)
    {
        _colours = terminal;
        _colours.Profile.Width = Widest;
        _terminal.Write(Enter);
        _terminal.Flush();
    }

    /// <summary>Its size now; it changes as the window does.</summary>
    public static (int Width, int Height) Size
    {
        get
        {
            try
            {
                return (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
            }
            catch (IOException)
            {
                // The window has gone; whoever is told by a signal ends.
                return (80, 24);
            }
        }
    }

    /// <summary>True when a key was pressed that means: enough.</summary>
    public static bool IsEndAsked()
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            if (Console.ReadKey(intercept: true) is { Key: ConsoleKey.Q or ConsoleKey.Escape })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Shows lines of markup in the place of those before, in one piece, so that nothing flickers.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        var page = new StringBuilder(Home);
        for (var i = 0; i < lines.Count; i++)
        {
            // Erased before it is written: behind a line that fills the window, the cursor stands on its last character.
            page.Append(ThisLine).Append(Ansi(lines[i])).Append(i < lines.Count - 1 ? "\r\n" : "");
        }

        _terminal.Write(page.Append(RestOfScreen).ToString());
        _terminal.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminal.Write(Leave);
        _terminal.Flush();
    }

    private string Ansi(string markup) => markup.Length == 0 ? "" : _colours.ToAnsi(new Markup(markup)).TrimEnd('\n', '\r');
}

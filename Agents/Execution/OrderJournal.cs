using System.Text;

namespace TradingEngine.Agents.Execution;

/// <summary>Keeps every order a replay sends, a line each, so that two runs can be compared. Thread-safe.</summary>
public sealed class OrderJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;

    /// <summary>Starts a journal in a new file.</summary>
    public OrderJournal(string file)
    {
        File = file;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _file = new StreamWriter(file, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Writes an order as sent.</summary>
    public void Add(ReadOnlySpan<byte> order)
    {
        lock (_gate)
        {
            _file.WriteLine(Encoding.UTF8.GetString(order));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }
}

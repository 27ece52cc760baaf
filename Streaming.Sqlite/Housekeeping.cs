using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Commits;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>Deletes what has expired. Reads ignore it from the first moment on; this gives the room back.</summary>
internal sealed class Housekeeping : IDisposable
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Rows per job, so that no commit waits behind a long deletion.</summary>
    private const int Batch = 500;

    private readonly Writer _writer;
    private readonly ITimer _timer;
    private int _busy;

    public Housekeeping(Writer writer, TimeProvider time)
    {
        _writer = writer;
        _timer = time.CreateTimer(_ => _ = RoundAsync(), null, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private async Task RoundAsync()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return;
        }

        try
        {
            while (await _writer.RunAsync(DeleteBatch, CancellationToken.None) >= Batch)
            {
            }
        }
        catch (StoreException)
        {
            // Nothing depends on it: whatever ails the store shows at the next commit, and the next round tries again.
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private static int DeleteBatch(WriteSession session)
    {
        var database = session.Database;
        database.Sql("""
            DELETE FROM record WHERE rowid IN
                (SELECT rowid FROM record WHERE expires IS NOT NULL AND expires<=? LIMIT ?)
            """)
            .Bind(session.Now).Bind(Batch).Run();
        var deleted = database.Changes;
        database.Sql("""
            DELETE FROM board_string WHERE rowid IN
                (SELECT rowid FROM board_string WHERE expires IS NOT NULL AND expires<=? LIMIT ?)
            """)
            .Bind(session.Now).Bind(Batch).Run();
        return Math.Max(deleted, database.Changes);
    }
}

using System.Diagnostics;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>
/// The one thread that writes. Whatever arrived while it wrote the last group becomes the next one: a single
/// transaction, so that a busy engine pays the disk once for many commits and a quiet one never waits for company.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly Database _database;
    private readonly WriteSession _session;
    private readonly JobQueue _jobs = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(Database database, WriteSession session)
    {
        _database = database;
        _session = session;
        new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    /// <summary>Runs <paramref name="work"/> inside a transaction; returns when that is committed.</summary>
    /// <exception cref="StoreException">Whether it was committed is unknown.</exception>
    public async Task<T> RunAsync<T>(Func<WriteSession, T> work, CancellationToken cancellation, int weight = 1)
    {
        var job = new WriteJob<T>(work, weight);
        await _jobs.AddAsync(job, cancellation);
        return await job.Done.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Close();
        await _ended.Task;
    }

    private void Loop()
    {
        var group = new List<WriteJob>();
        while (_jobs.TakeGroup(group))
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                Write(group);
                StoreMetrics.Written(began, WeightOf(group));
                _session.Publish();
                foreach (var job in group)
                {
                    job.Complete();
                }
            }
#pragma warning disable CA1031 // The loop's edge: whatever went wrong, its callers are told and the next group is tried.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Abandon(group, failure);
            }
        }

        _ended.SetResult();
    }

    private static int WeightOf(List<WriteJob> group)
    {
        var weight = 0;
        foreach (var job in group)
        {
            weight += job.Weight;
        }

        return weight;
    }

    // A job that throws on its own account must not take its neighbours with it, nor leave half of itself behind:
    // everything is rolled back and the group is written again without it. Refusals never come here.
    private void Write(List<WriteJob> group)
    {
        while (!TryWrite(group))
        {
            _database.Rollback();
        }
    }

    private bool TryWrite(List<WriteJob> group)
    {
        _session.Begin();
        _database.BeginWrite();
        foreach (var job in group)
        {
            if (job.Fault is not null)
            {
                continue;
            }

            try
            {
                job.Execute(_session);
            }
            catch (Exception fault) when (fault is not Microsoft.Data.Sqlite.SqliteException)
            {
                job.Fault = fault;
                return false;
            }
        }

        _database.Commit();
        return true;
    }

    private void Abandon(List<WriteJob> group, Exception failure)
    {
        var message = $"The embedded store could not write: {failure.Message}";
        try
        {
            _database.Rollback();
        }
        catch (Microsoft.Data.Sqlite.SqliteException rollback)
        {
            message += $" Nor could it roll back: {rollback.Message}";
        }

        foreach (var job in group)
        {
            job.Fail(new StoreException(message, failure));
        }
    }
}

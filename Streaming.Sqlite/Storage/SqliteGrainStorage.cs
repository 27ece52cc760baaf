using System.Globalization;
using Orleans.Storage;
using TradingEngine.Streaming.Sqlite.Commits;

namespace TradingEngine.Streaming.Sqlite.Storage;

/// <summary>
/// Grain state in the same file and through the same writer as everything else, so one backup has both. An etag is
/// never given out twice, not even after a state was cleared.
/// </summary>
/// <param name="provider">Name under which Orleans knows this provider; part of each state's key.</param>
/// <param name="store">The store, open by the time a grain activates.</param>
/// <param name="serializer">Turns state into bytes.</param>
public sealed class SqliteGrainStorage(string provider, SqliteTradingStore store, IGrainStorageSerializer serializer)
    : IGrainStorage
{
    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var (name, id) = Key(stateName, grainId);
        var found = store.Reads.Read(database =>
        {
            var row = database.Sql("SELECT etag, data FROM grain_state WHERE name=? AND id=?").Bind(name).Bind(id);
            return row.Step() ? (Format(row.Int64(0)), row.Blob(1)) : ((string ETag, byte[] Data)?)null;
        });
        grainState.RecordExists = found is not null;
        grainState.ETag = found?.ETag;
        grainState.State = found is { } state
            ? serializer.Deserialize<T>(new BinaryData(state.Data))
            : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var (name, id) = Key(stateName, grainId);
        var expected = grainState.ETag;
        var data = serializer.Serialize(grainState.State).ToMemory();
        var (stored, written) = await store.Writer.RunAsync(
            session =>
            {
                var current = ReadETag(session, name, id);
                return current == expected
                    ? (current, Format(session.Database.Sql(
                            "INSERT OR REPLACE INTO grain_state(name, id, data) VALUES(?, ?, ?) RETURNING etag")
                        .Bind(name).Bind(id).Bind(data.Span).Returning()))
                    : (current, (string?)null);
            },
            CancellationToken.None);
        grainState.ETag = written ?? throw Conflict(name, id, stored, expected);
        grainState.RecordExists = true;
    }

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var (name, id) = Key(stateName, grainId);
        var expected = grainState.ETag;
        var stored = await store.Writer.RunAsync(
            session =>
            {
                var current = ReadETag(session, name, id);
                if (current == expected)
                {
                    session.Database.Sql("DELETE FROM grain_state WHERE name=? AND id=?").Bind(name).Bind(id).Run();
                }

                return current;
            },
            CancellationToken.None);
        if (stored != expected)
        {
            throw Conflict(name, id, stored, expected);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string? ReadETag(WriteSession session, string name, string id) =>
        session.Database.Sql("SELECT etag FROM grain_state WHERE name=? AND id=?").Bind(name).Bind(id).Scalar() is { } etag
            ? Format(etag)
            : null;

    private static InconsistentStateException Conflict(string name, string id, string? stored, string? expected) =>
        new($"The state {name} of {id} was written by somebody else.", stored ?? "none", expected ?? "none");

    private static string Format(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private (string Name, string Id) Key(string stateName, GrainId grainId) =>
        ($"{provider}/{stateName}", grainId.ToString());
}

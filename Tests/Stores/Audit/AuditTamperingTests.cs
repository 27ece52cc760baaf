using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores.Audit;

/// <summary>Whatever is done to an audit in a SQLite file or in a Redis shows.</summary>
public sealed class AuditTamperingTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Every_edit_of_a_file_is_found()
    {
        using var directory = new SqliteDirectory();
        await using var store = await directory.OpenAsync(TimeProvider.System);
        await new AuditTampering(store, new RawFile(directory.Database)).RunAsync();
    }

    [Fact]
    public async Task Every_edit_of_a_stream_is_found()
    {
        await using var store = await OpenAsync(server);
        await new AuditTampering(store, new RawStream(server)).RunAsync();
    }

    private sealed class RawFile(string path) : IRawAudit
    {
        private readonly Dictionary<string, (long Version, string Data)> _changed = [];

        public async Task WriteLinesAsync(IReadOnlyList<RawLine> lines)
        {
            await using var file = await OpenAsync();
            await using var transaction = await file.BeginTransactionAsync();
            await ExecuteAsync(file, "DELETE FROM audit");
            foreach (var line in lines)
            {
                await ExecuteAsync(
                    file, "INSERT INTO audit(seq, partition, line) VALUES($id, '0', CAST($line AS BLOB))", ("$id", long.Parse(line.Id, CultureInfo.InvariantCulture)), ("$line", line.Line));
            }

            await transaction.CommitAsync();
        }

        public async Task WriteRecordAsync(string key, Func<string, string?> change)
        {
            await using var file = await OpenAsync();
            await using var read = file.CreateCommand();
            read.CommandText = "SELECT version, CAST(data AS TEXT) FROM record WHERE partition = '0' AND key = $key";
            read.Parameters.AddWithValue("$key", key);
            await using (var row = await read.ExecuteReaderAsync())
            {
                Assert.True(await row.ReadAsync(), key);
                _changed.TryAdd(key, (row.GetInt64(0), row.GetString(1)));
            }

            await WriteAsync(file, key, _changed[key].Version, change(_changed[key].Data));
        }

        public async Task RestoreAsync()
        {
            await using var file = await OpenAsync();
            foreach (var (key, (version, data)) in _changed)
            {
                await WriteAsync(file, key, version, data);
            }

            _changed.Clear();
        }

        public string IdAfter(string id) => (long.Parse(id, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);

        private static async Task WriteAsync(SqliteConnection file, string key, long version, string? data)
        {
            await ExecuteAsync(file, "DELETE FROM record WHERE partition = '0' AND key = $key", ("$key", key));
            if (data is not null)
            {
                await ExecuteAsync(
                    file, "INSERT INTO record(partition, key, version, data) VALUES('0', $key, $version, CAST($data AS BLOB))",
                    ("$key", key), ("$version", version), ("$data", data));
            }
        }

        private async Task<SqliteConnection> OpenAsync()
        {
            var file = new SqliteConnection($"Data Source={path};Pooling=False");
            await file.OpenAsync();
            return file;
        }

        private static async Task ExecuteAsync(SqliteConnection file, string text, params (string Name, object Value)[] parameters)
        {
            await using var command = file.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
            command.CommandText = text;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class RawStream(RedisServerFixture server) : IRawAudit
    {
        private const string Rewrite =
            "redis.call('DEL', KEYS[1]) for i = 1, #ARGV, 2 do redis.call('XADD', KEYS[1], ARGV[i], 'd', ARGV[i + 1]) end return 1";

        private readonly Dictionary<string, (string Version, string Data)> _changed = [];

        public async Task WriteLinesAsync(IReadOnlyList<RawLine> lines)
        {
            var done = await server.ExecuteAsync(
                ["EVAL", Rewrite, "1", "te:{0}:audit", .. lines.SelectMany(line => new[] { line.Id, line.Line })]);
            Assert.Equal(1, done.Integer);
        }

        public async Task WriteRecordAsync(string key, Func<string, string?> change)
        {
            var record = (await server.ExecuteAsync("HMGET", Key(key), "v", "d")).Items;
            _changed.TryAdd(key, (record[0].Text!, record[1].Text!));
            await WriteAsync(key, _changed[key].Version, change(_changed[key].Data));
        }

        public async Task RestoreAsync()
        {
            foreach (var (key, (version, data)) in _changed)
            {
                await WriteAsync(key, version, data);
            }

            _changed.Clear();
        }

        public string IdAfter(string id) => id + "9";

        private Task WriteAsync(string key, string version, string? data) => data is null
            ? server.ExecuteAsync("DEL", Key(key))
            : server.ExecuteAsync("HSET", Key(key), "v", version, "d", data);

        private static string Key(string key) => "te:{0}:rec:" + key;
    }
}

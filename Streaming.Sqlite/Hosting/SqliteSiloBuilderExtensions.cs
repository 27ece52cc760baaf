using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Storage;

namespace TradingEngine.Streaming.Sqlite.Hosting;

/// <summary>Registers what the embedded store offers to Orleans.</summary>
public static class SqliteSiloBuilderExtensions
{
    /// <summary>
    /// Adds grain storage under <paramref name="name"/> over the <see cref="ITradingStore"/> of the container, which must
    /// be a <see cref="SqliteTradingStore"/> and be opened before the silo starts.
    /// </summary>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new SqliteGrainStorage(
            name,
            services.GetRequiredService<ITradingStore>() as SqliteTradingStore
                ?? throw new InvalidOperationException(
                    $"Grain storage '{name}' is kept in SQLite, but the engine's store is not the embedded one."),
            services.GetKeyedService<IGrainStorageSerializer>(name)
                ?? services.GetRequiredService<IGrainStorageSerializer>()));
        return builder;
    }
}

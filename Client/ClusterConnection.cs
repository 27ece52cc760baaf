using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Serialization;

namespace TradingEngine.Client;

/// <summary>
/// An Orleans client of its own, connected. It stands on a bare service collection, not on a host, so that it neither logs
/// nor listens to Ctrl+C in the process that uses it.
/// </summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ServiceProvider _services;

    private ClusterConnection(ServiceProvider services) => _services = services;

    /// <summary>The Orleans client.</summary>
    public IClusterClient Client => _services.GetRequiredService<IClusterClient>();

    /// <summary>Connects.</summary>
    /// <exception cref="EngineUnreachableException">Nothing that answers as an engine was reached in time.</exception>
    public static async Task<ClusterConnection> OpenAsync(
        TradingEngineClientOptions options, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeout);
        ClusterConnection? connection = null;
        try
        {
            connection = await BuildAsync(options, deadline.Token);

            // Orleans looks at the token between attempts only, and one attempt may outlast the deadline.
            await connection.StartAsync(deadline.Token).WaitAsync(deadline.Token);
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (IsUnreachable(exception) || exception is OperationCanceledException or TimeoutException)
            {
                throw options.Partition == StreamNames.DefaultPartition
                    ? new EngineUnreachableException(options.Gateway, exception)
                    : new EngineUnreachableException(options.Gateway, options.Partition, exception);
            }

            throw;
        }
    }

    /// <summary>True for what Orleans throws when the cluster cannot be reached.</summary>
    public static bool IsUnreachable(Exception exception) => exception
        is Orleans.Runtime.SiloUnavailableException
        or Orleans.Runtime.OrleansMessageRejectionException
        or Orleans.Runtime.Messaging.ConnectionFailedException
        or Orleans.Runtime.ClientNotAvailableException
        or SocketException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(CloseTimeout);
        try
        {
            await CloseAsync(deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What is left is sockets of a client that nobody can reach any more; a failed close has nothing to tell.
        }
    }

    private static async Task<ClusterConnection> BuildAsync(
        TradingEngineClientOptions options, CancellationToken cancellationToken)
    {
        var endpoints = await options.Gateway.ResolveAsync(cancellationToken);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer(builder => builder.AddTradingTypes());
        services.AddOrleansClient(builder => builder
            .UseStaticClustering(endpoints)
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout)
            .Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = options.ConnectTimeout)
            .Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = GatewayRefresh)
            .UseConnectionRetryFilter(async (_, cancelled) =>
            {
                if (options.WaitsForEngine)
                {
                    await Task.Delay(RetryDelay, cancelled);
                }

                return options.WaitsForEngine;
            }));
        return new ClusterConnection(services.BuildServiceProvider());
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(cancellationToken);
        }
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(cancellationToken);
        }

        await _services.DisposeAsync();
    }
}

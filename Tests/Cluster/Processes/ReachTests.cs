using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using TradingEngine.Client;
using TradingEngine.Silo.Hosting;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>Where a silo is reached by others: from this machine alone, unless it is told an address that makes sense.</summary>
[Collection(Alone.Name)]
public sealed class ReachTests
{
    [Theory]
    [InlineData("--advertise 0.0.0.0", "--advertise is 0.0.0.0, which nobody can connect to; use the address others reach, such as 10.0.0.5, and --listen 0.0.0.0 to listen on all")]
    [InlineData("--advertise ::", "--advertise is ::, which nobody can connect to; use the address others reach, such as 10.0.0.5, and --listen :: to listen on all")]
    [InlineData("--advertise 239.1.2.3", "--advertise is 239.1.2.3, which is the address of many; use this machine's own, such as 10.0.0.5")]
    [InlineData("--advertise 255.255.255.255", "--advertise is 255.255.255.255, which is the address of many; use this machine's own, such as 10.0.0.5")]
    [InlineData("--advertise no.such.host.invalid", "--advertise is no.such.host.invalid, which is no address and no name that is known here; use the address others reach, such as 10.0.0.5")]
    [InlineData("--listen 0.0.0.0", "--listen is 0.0.0.0, but others are told 127.0.0.1, where they find themselves; give --advertise <address they reach>, or leave --listen away")]
    [InlineData("--advertise 10.0.0.5 --listen 127.0.0.1", "--listen is 127.0.0.1, which nobody at 10.0.0.5 reaches; use 0.0.0.0 or an address of this machine, or leave it away")]
    [InlineData("--advertise 10.0.0.5 --listen everywhere", "--listen is everywhere; use an address of this machine such as 10.0.0.5, or 0.0.0.0 for all of them")]
    [InlineData("--hosting cloud", "--hosting is cloud; use none or kubernetes")]
    [InlineData("--hosting kubernetes", "--hosting is kubernetes, but KUBERNETES_SERVICE_HOST, POD_NAME, POD_NAMESPACE, POD_IP are not set: run it in a pod as deploy/kubernetes does, or use none")]
    public async Task Reach_that_makes_no_sense_is_refused_with_the_fix(string options, string refusal)
    {
        var exception = await Assert.ThrowsAsync<SettingsException>(() => ParseAsync($"--store redis {options}"));

        Assert.Equal(refusal, exception.Message);
    }

    [Fact]
    public async Task Embedded_store_has_one_silo_and_is_not_advertised()
    {
        var exception = await Assert.ThrowsAsync<SettingsException>(() => ParseAsync("--advertise 10.0.0.5"));

        Assert.Equal("--advertise is for silos that others join, but the embedded store has one silo; add --store redis", exception.Message);
    }

    [Theory]
    [InlineData("--store redis", "127.0.0.1", "127.0.0.1", false)]
    [InlineData("--store redis --advertise 10.0.0.5", "10.0.0.5", "10.0.0.5", true)]
    [InlineData("--store redis --advertise 10.0.0.5 --listen 0.0.0.0", "10.0.0.5", "0.0.0.0", true)]
    [InlineData("--store redis --advertise localhost", "127.0.0.1", "127.0.0.1", false)]
    public async Task Listens_where_it_is_reached_unless_told_otherwise(string options, string advertised, string listening, bool isOpen)
    {
        var reach = (await ParseAsync(options))!.Reach;

        Assert.Equal((advertised, listening, isOpen), (reach.Advertised.ToString(), reach.Listening.ToString(), reach.IsOpen));
    }

    [Fact]
    public async Task Address_of_another_machine_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start([.. place.OnRedis("127.0.0.1:1"), "--advertise", "203.0.113.77"]);

        Assert.Equal(2, await silo.EndsAsync());

        Assert.Equal(
            "--advertise is 203.0.113.77, which is no address of this machine; use one that is, or --listen 0.0.0.0 where something forwards to it",
            Assert.Single(silo.Errors));
    }

    [Fact]
    public async Task Silos_and_clients_meet_at_the_advertised_address_and_the_silo_warns()
    {
        var address = OwnAddress();
        await using var redis = await RedisServer.StartNewAsync();
        using var first = new SiloPlace();
        using var second = new SiloPlace();
        await using var one = SiloProcess.Start([.. first.OnRedis(redis.Address), "--advertise", address]);
        await one.PrintsAsync("Ready");
        await using var two = SiloProcess.Start([.. second.OnRedis(redis.Address), "--advertise", address, "--listen", "0.0.0.0"]);
        await two.PrintsAsync("Ready");

        await using var client = await TradingEngineClient.ConnectAsync(
            first.ClientOptions with { Gateway = new GatewayAddress(address, first.GatewayPort) }, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            "a cluster of two silos", async () => (await client.GetEngineStatusAsync(TestContext.Current.CancellationToken)).Silos == 2);

        var port = first.GatewayPort.ToString(CultureInfo.InvariantCulture);
        Assert.Contains(one.Lines, line => line.Text.Contains($"WARNING silos and clients meet at {address} without TLS", StringComparison.Ordinal)
            && line.Text.Contains(port, StringComparison.Ordinal));
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(IPAddress.Loopback, first.GatewayPort));
        await ConnectAsync(IPAddress.Loopback, second.GatewayPort);
    }

    /// <summary>What a silo would run by, given these options.</summary>
    internal static async Task<SiloSettings?> ParseAsync(string options)
    {
        SiloSettings? read = null;
        var command = SiloCommand.Create((settings, _) =>
        {
            read = settings;
            return Task.FromResult(0);
        });
        await command.Parse(options).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return read;
    }

    private static async Task ConnectAsync(IPAddress address, int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(address, port), TestContext.Current.CancellationToken);
    }

    /// <summary>An address of this machine that is not loopback's.</summary>
    private static string OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .First(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).ToString();
}

using System.CommandLine;
using System.Net;
using System.Security.Authentication;
using StackExchange.Redis;
using TradingEngine.Client.Commands;

namespace TradingEngine.Client.Redis;

/// <summary>The Redis of the few commands that need no engine, or must work where none runs.</summary>
internal static class RedisOption
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(4);

    /// <summary>The option: required, since what these commands do is meant for one Redis and no other.</summary>
    public static Option<string> Create() => new("--redis")
    {
        Description = "The one Redis that is meant, as the silo's --redis.",
        HelpName = "host:port[,password=…][,defaultDatabase=…]",
        Required = true,
    };

    /// <summary>The option where there is another way.</summary>
    public static Option<string> CreateOptional(string description) => new("--redis")
    {
        Description = description,
        HelpName = "host:port[,password=…][,defaultDatabase=…]",
    };

    /// <summary>Connects.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="name">Name of the connections, by which they can be told from others.</param>
    /// <exception cref="UsageException">It names no single Redis.</exception>
    /// <exception cref="EngineUnreachableException">Nobody answers there, or not to us.</exception>
    public static async Task<RedisPlace> ConnectAsync(string text, string name)
    {
        var options = Parse(text);
        options.ClientName = name;
        options.ConnectTimeout = (int)ConnectLimit.TotalMilliseconds;
        options.AbortOnConnectFail = true;
        options.AllowAdmin = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        var address = Format(options.EndPoints[0]);
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(options);
            return new RedisPlace(connection, address);
        }
        catch (Exception exception) when (exception is RedisException or AuthenticationException)
        {
            var failure = (exception as RedisConnectionException)?.FailureType;
            throw new EngineUnreachableException(
                failure == ConnectionFailureType.AuthenticationFailure
                    ? $"Redis at {address} refuses the login: give password= (and user=) in --redis."
                    : $"No Redis answers at {address}: start it, or name another with --redis host:port.",
                exception);
        }
    }

    private static ConfigurationOptions Parse(string text)
    {
        try
        {
            var options = ConfigurationOptions.Parse(text);
            if (options.EndPoints.Count == 1)
            {
                options.SetDefaultPorts();
                return options;
            }
        }
        catch (ArgumentException)
        {
            // Said below, without the text: it may hold a password.
        }

        throw new UsageException("--redis must name one Redis as host:port, such as 127.0.0.1:6379.");
    }

    private static string Format(EndPoint point) => point switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => point.ToString() ?? "",
    };
}

/// <summary>A Redis that answers.</summary>
/// <param name="Connection">Its connections.</param>
/// <param name="Address">Where it is, without secrets.</param>
internal sealed record RedisPlace(ConnectionMultiplexer Connection, string Address) : IAsyncDisposable
{
    /// <summary>Commands.</summary>
    public IDatabase Database => Connection.GetDatabase();

    /// <summary>The server's own commands.</summary>
    public IServer Server => Connection.GetServers()[0];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}

using System.Net;
using StackExchange.Redis;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Where a Redis is and how to log in, taken from a connection string of StackExchange.Redis.</summary>
internal sealed class RedisAddress
{
    private RedisAddress(ConfigurationOptions options)
    {
        (Host, Port) = options.EndPoints[0] switch
        {
            DnsEndPoint dns => (dns.Host, dns.Port == 0 ? DefaultPort : dns.Port),
            IPEndPoint ip => (ip.Address.ToString(), ip.Port == 0 ? DefaultPort : ip.Port),
            var other => throw new ArgumentException($"'{other}' is no address of a host and a port."),
        };
        User = options.User;
        Password = options.Password;
        Database = options.DefaultDatabase ?? 0;
        Ssl = options.Ssl;
        SslHost = options.SslHost ?? Host;
    }

    private const int DefaultPort = 6379;

    public string Host { get; }

    public int Port { get; }

    public string? User { get; }

    public string? Password { get; }

    public int Database { get; }

    public bool Ssl { get; }

    public string SslHost { get; }

    public static RedisAddress Parse(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        if (options.EndPoints.Count != 1 || options.ServiceName is not null)
        {
            throw new ArgumentException("The connection string must name exactly one Redis, without serviceName.");
        }

        var address = new RedisAddress(options);
        return Uri.CheckHostName(address.Host) != UriHostNameType.Unknown
            ? address
            : throw new ArgumentException($"'{address.Host}' is no host name.");
    }

    public override string ToString() => $"{Host}:{Port}";
}

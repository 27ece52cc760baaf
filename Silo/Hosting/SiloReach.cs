using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Silo.Hosting;

/// <summary>Where other silos and clients reach a silo, and where it listens for them.</summary>
/// <param name="Advertised">Address that the silo tells others.</param>
/// <param name="Listening">Address it listens on: that one, or any.</param>
internal sealed record SiloReach(IPAddress Advertised, IPAddress Listening)
{
    /// <summary>From this machine alone.</summary>
    public static SiloReach Local { get; } = new(IPAddress.Loopback, IPAddress.Loopback);

    /// <summary>True where other machines can reach it. What passes there is not encrypted, and whoever connects may do everything.</summary>
    public bool IsOpen => !IPAddress.IsLoopback(Listening);

    /// <summary>Reads both settings. An address that nobody could use, or that fits the other one badly, is refused.</summary>
    public static SiloReach Read(SettingSource source, Setting advertise, Setting listen)
    {
        var advertised = AdvertisedOf(source, advertise);
        var (value, origin) = source.Find(listen);
        if (source.IsWrong(advertise))
        {
            return Local;
        }

        if (value.Length == 0)
        {
            return new SiloReach(advertised, advertised);
        }

        if (!IPAddress.TryParse(value, out var listening) || IsOfMany(listening))
        {
            return source.Wrong<SiloReach>(listen, $"{origin} is {value}; use an address of this machine such as 10.0.0.5, or 0.0.0.0 for all of them");
        }

        var isLocal = IPAddress.IsLoopback(advertised);
        return isLocal == IPAddress.IsLoopback(listening)
            ? new SiloReach(advertised, listening)
            : source.Wrong<SiloReach>(listen, isLocal
                ? $"{origin} is {value}, but others are told {advertised}, where they find themselves; give --advertise <address they reach>, or leave --listen away"
                : $"{origin} is {value}, which nobody at {advertised} reaches; use 0.0.0.0 or an address of this machine, or leave it away");
    }

    private static IPAddress AdvertisedOf(SettingSource source, Setting advertise)
    {
        var (value, origin) = source.Find(advertise);
        if (value.Length == 0)
        {
            return IPAddress.Loopback;
        }

        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(value, out var given) ? [given] : Dns.GetHostAddresses(value, AddressFamily.InterNetwork);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            found = [];
        }

        return found switch
        {
            [] => source.Wrong<IPAddress>(advertise, $"{origin} is {value}, which is no address and no name that is known here; use the address others reach, such as 10.0.0.5"),
            [var any] when any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any) => source.Wrong<IPAddress>(
                advertise, $"{origin} is {value}, which nobody can connect to; use the address others reach, such as 10.0.0.5, and --listen {value} to listen on all"),
            [var one] when IsOfMany(one) => source.Wrong<IPAddress>(
                advertise, $"{origin} is {value}, which is the address of many; use this machine's own, such as 10.0.0.5"),
            [var one] => one,
            _ => source.Wrong<IPAddress>(
                advertise, $"{origin} is {value}, which has the addresses {string.Join(", ", found.AsEnumerable())}; use one of them"),
        };
    }

    private static bool IsOfMany(IPAddress address) => address.IsIPv6Multicast || address.Equals(IPAddress.Broadcast)
        || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240);
}

using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Silo.Hosting;

/// <summary>Finds out before the start whether a port can be had, so that the answer is one line.</summary>
internal static class Ports
{
    public static void Check(string setting, int port, SiloReach reach)
    {
        try
        {
            using var listener = new TcpListener(reach.Listening, port);
            listener.Start();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new SettingsException(
                $"{(reach.Listening.Equals(reach.Advertised) ? "--advertise" : "--listen")} is {reach.Listening}, which is no address of this machine; "
                + "use one that is, or --listen 0.0.0.0 where something forwards to it");
        }
        catch (SocketException)
        {
            throw new SettingsException($"{setting} is {port}, but that port is in use; choose another with {setting} <port>");
        }
    }

    public static void CheckHttp(Uri http)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.TryParse(http.Host.Trim('[', ']'), out var address) ? address : IPAddress.Loopback, http.Port);
            listener.Start();
        }
        catch (SocketException)
        {
            throw new SettingsException(
                $"--http is {http.GetLeftPart(UriPartial.Authority)}, but that port is in use; "
                + $"choose another with --http http://127.0.0.1:<port>, or --http none");
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>Loopback ports that were free a moment ago.</summary>
internal static class FreePorts
{
    /// <summary>Takes <paramref name="count"/> different ports: all are held until the last is known.</summary>
    public static int[] Take(int count)
    {
        var held = new List<TcpListener>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                held.Add(listener);
            }
            return [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }
}

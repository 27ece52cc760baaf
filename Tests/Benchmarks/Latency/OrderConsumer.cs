using System.Diagnostics;
using System.Text;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Takes orders as an execution agent does, and matches each with the signal it names.</summary>
internal sealed class OrderConsumer(RespConnection connection, string key, Flight flight, bool fills)
{
    private const string MostPerRead = "512";
    private const string BlockSeconds = "0.1";

    private readonly List<string> _answers = [];
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(flight.Run + "-");

    /// <summary>Reads until cancelled; blocks its thread, which should be its own.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            // Both in one send: what waits behind the first order comes without another round trip.
            connection.Write("BRPOP", key, BlockSeconds);
            connection.Write("RPOP", key, MostPerRead);
            connection.Flush();
            if (connection.ReadArray() == 2)
            {
                _ = connection.TryReadBulk(out _);
                Take(Stopwatch.GetTimestamp());
            }
            var more = connection.ReadArray();
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < more; i++)
            {
                Take(now);
            }
            Answer();
        }
    }

    private void Answer()
    {
        if (_answers.Count > 0)
        {
            connection.Write(["LPUSH", WireKeys.PositionUpdates, .. _answers]);
            connection.Flush();
            connection.SkipReply();
            _answers.Clear();
        }
    }

    private void Take(long now)
    {
        _ = connection.TryReadBulk(out var order);
        if (OrderFields.TryReadIndex(order, _prefix, out var index))
        {
            flight.MarkArrived(index, now);
            if (fills)
            {
                _answers.Add(OrderFields.FillOf(order));
            }
        }
        else
        {
            flight.MarkForeign();
        }
    }
}

using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Takes orders as an execution agent does, and matches each with the signal it names.</summary>
internal sealed class OrderConsumer(RespConnection connection, string key, Flight flight)
{
    private const string MostPerRead = "512";
    private const string BlockSeconds = "0.1";

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
        }
    }

    private void Take(long now)
    {
        _ = connection.TryReadBulk(out var order);
        if (TryReadIndex(order, out var index))
        {
            flight.MarkArrived(index, now);
        }
        else
        {
            flight.MarkForeign();
        }
    }

    private bool TryReadIndex(ReadOnlySpan<byte> order, out int index)
    {
        index = 0;
        try
        {
            var reader = new Utf8JsonReader(order);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && reader.ValueTextEquals("signal_id"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String
                        && reader.ValueSpan.StartsWith(_prefix)
                        && Utf8Parser.TryParse(reader.ValueSpan[_prefix.Length..], out index, out _);
                }
            }
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

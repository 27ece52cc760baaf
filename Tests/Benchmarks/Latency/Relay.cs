using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>
/// The least any engine on lists must do: take a signal so that a crash would not lose it (BLMOVE), publish it (LPUSH),
/// acknowledge it (LREM). It decides nothing and stores nothing, so it is the floor the engine is compared with.
/// </summary>
internal sealed class Relay(RespConnection connection)
{
    /// <summary>How the relay's connection is listed by Redis.</summary>
    public const string ClientName = "bench-relay";

    private const int MostAhead = 256;

    private readonly List<byte[]> _taken = new(MostAhead + 1);

    /// <summary>Relays until the connection ends, with an exception.</summary>
    public void Run()
    {
        _ = connection.Call("CLIENT", "SETNAME", ClientName);
        var ahead = 0;
        while (true)
        {
            // One send publishes and acknowledges the last batch and asks for the next.
            WritePublishAndAcknowledge();
            WriteReads(ahead);
            connection.Flush();
            ReadTaken(ahead);

            // Everything asked for came: more may be waiting. Else ask for as much as there was.
            ahead = _taken.Count > ahead ? Math.Clamp(ahead * 2, 1, MostAhead) : _taken.Count - 1;
        }
    }

    /// <summary>Behind the blocking read follow <paramref name="ahead"/> that do not block, for what waits with it.</summary>
    private void WriteReads(int ahead)
    {
        connection.Write("BLMOVE", WireKeys.RelayInput, WireKeys.RelayTaken, "RIGHT", "LEFT", "0");
        for (var i = 0; i < ahead; i++)
        {
            connection.Write("LMOVE", WireKeys.RelayInput, WireKeys.RelayTaken, "RIGHT", "LEFT");
        }
    }

    private void WritePublishAndAcknowledge()
    {
        if (_taken.Count == 0)
        {
            return;
        }
        connection.WriteHeader(_taken.Count + 2);
        connection.WriteArgument("LPUSH"u8);
        connection.WriteArgument(WireKeys.RelayOutput);
        _taken.ForEach(signal => connection.WriteArgument(signal));
        if (_taken.Count == 1)
        {
            connection.WriteHeader(4);
            connection.WriteArgument("LREM"u8);
            connection.WriteArgument(WireKeys.RelayTaken);
            connection.WriteArgument("-1"u8);
            connection.WriteArgument(_taken[0]);
        }
        else
        {
            // The batch is the oldest end of the list, so one trim acknowledges all of it.
            var last = (-_taken.Count - 1).ToString(CultureInfo.InvariantCulture);
            connection.Write("LTRIM", WireKeys.RelayTaken, "0", last);
        }
    }

    private void ReadTaken(int ahead)
    {
        if (_taken.Count > 0)
        {
            connection.SkipReply();
            connection.SkipReply();
        }
        _taken.Clear();
        for (var i = 0; i <= ahead; i++)
        {
            if (connection.TryReadBulk(out var signal))
            {
                _taken.Add(signal.ToArray());
            }
        }
    }
}

using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>
/// The least any engine on streams must do: read a signal in a consumer group, publish it (XADD), acknowledge it (XACK) and
/// delete it (XDEL). It decides nothing and stores nothing.
/// </summary>
internal sealed class StreamRelay(RespConnection connection)
{
    private const string Group = "relay";
    private const string MostPerRead = "256";

    private readonly List<(byte[] Id, byte[] Data)> _taken = new(256);

    /// <summary>Relays until the connection ends, with an exception.</summary>
    public void Run()
    {
        _ = connection.Call("XGROUP", "CREATE", WireKeys.RelayInput, Group, "0", "MKSTREAM");
        _ = connection.Call("CLIENT", "SETNAME", Relay.ClientName);
        while (true)
        {
            WritePublishAndAcknowledge();
            connection.Write(
                "XREADGROUP", "GROUP", Group, "r", "COUNT", MostPerRead, "BLOCK", "1000", "STREAMS", WireKeys.RelayInput, ">");
            connection.Flush();
            ReadTaken();
        }
    }

    private void WritePublishAndAcknowledge()
    {
        foreach (var (_, data) in _taken)
        {
            connection.WriteHeader(5);
            connection.WriteArgument("XADD"u8);
            connection.WriteArgument(WireKeys.RelayOutput);
            connection.WriteArgument("*"u8);
            connection.WriteArgument("data"u8);
            connection.WriteArgument(data);
        }
        if (_taken.Count > 0)
        {
            connection.WriteHeader(_taken.Count + 3);
            connection.WriteArgument("XACK"u8);
            connection.WriteArgument(WireKeys.RelayInput);
            connection.WriteArgument(Group);
            _taken.ForEach(entry => connection.WriteArgument(entry.Id));
            connection.WriteHeader(_taken.Count + 2);
            connection.WriteArgument("XDEL"u8);
            connection.WriteArgument(WireKeys.RelayInput);
            _taken.ForEach(entry => connection.WriteArgument(entry.Id));
        }
    }

    private void ReadTaken()
    {
        for (var i = _taken.Count > 0 ? _taken.Count + 2 : 0; i > 0; i--)
        {
            connection.SkipReply();
        }
        _taken.Clear();
        if (connection.ReadArray() < 0)
        {
            return;
        }
        _ = connection.ReadArray();
        connection.SkipReply();
        for (var left = connection.ReadArray(); left > 0; left--)
        {
            _ = connection.ReadArray();
            _ = connection.TryReadBulk(out var id);
            var kept = id.ToArray();
            byte[] data = [];
            for (var fields = connection.ReadArray(); fields > 0; fields--)
            {
                // The last value: signals have one field.
                _ = connection.TryReadBulk(out var value);
                data = value.ToArray();
            }
            _taken.Add((kept, data));
        }
    }
}

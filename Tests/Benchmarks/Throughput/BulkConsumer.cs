using System.Text;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>Takes orders as an execution agent does, off a list or a stream, and answers each with its fill where it is to.</summary>
internal sealed class BulkConsumer(RespConnection connection, Lane lane, Tally tally, bool fills)
{
    private const string MostPerRead = "512";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(tally.Run + "-");
    private readonly List<string> _answers = [];
    private string _last = "0-0";

    /// <summary>Reads until cancelled; blocks its thread, which should be its own.</summary>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var taken = lane.IsStream ? ReadStream() : ReadList();
            Answer();
            if (taken == 0)
            {
                cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private int ReadList()
    {
        connection.Write("RPOP", lane.Orders, MostPerRead);
        connection.Flush();
        var count = connection.ReadArray();
        var now = Tally.Now;
        for (var i = 0; i < count; i++)
        {
            _ = connection.TryReadBulk(out var order);
            Take(order, now);
        }

        return Math.Max(count, 0);
    }

    private int ReadStream()
    {
        connection.Write("XREAD", "COUNT", MostPerRead, "STREAMS", lane.Orders, _last);
        connection.Flush();
        if (connection.ReadArray() < 0)
        {
            return 0;
        }

        var now = Tally.Now;
        _ = connection.ReadArray();
        connection.SkipReply();
        var count = connection.ReadArray();
        for (var i = 0; i < count; i++)
        {
            _ = connection.ReadArray();
            _ = connection.TryReadBulk(out var id);
            _last = Encoding.ASCII.GetString(id);
            var fields = connection.ReadArray() / 2;
            for (var field = 0; field < fields; field++)
            {
                _ = connection.TryReadBulk(out var name);
                var isData = name.SequenceEqual("data"u8);
                _ = connection.TryReadBulk(out var value);
                if (isData)
                {
                    Take(value, now);
                }
            }
        }

        // What was read is deleted, as an agent does with what it has done: nothing else trims the stream.
        connection.Call("XTRIM", lane.Orders, "MINID", _last);
        return count;
    }

    private void Take(ReadOnlySpan<byte> order, long now)
    {
        if (!OrderFields.TryReadIndex(order, _prefix, out var index))
        {
            tally.Mark(-1, now);
        }
        else if (tally.Mark(index, now) && fills)
        {
            _answers.Add(OrderFields.FillOf(order));
        }
    }

    private void Answer()
    {
        if (_answers.Count == 0)
        {
            return;
        }

        foreach (var answer in _answers)
        {
            if (lane.IsStream)
            {
                connection.Write("XADD", WireKeys.UpdatesStream, "*", "data", answer);
            }
            else
            {
                connection.Write("LPUSH", WireKeys.PositionUpdates, answer);
            }
        }

        connection.Flush();
        for (var i = 0; i < _answers.Count; i++)
        {
            connection.SkipReply();
        }

        _answers.Clear();
    }
}

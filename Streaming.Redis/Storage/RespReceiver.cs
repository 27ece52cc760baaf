namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Receives bytes into one contiguous buffer and cuts replies from its front. Used by one reading loop.</summary>
internal sealed class RespReceiver(Stream stream)
{
    private const int Initial = 64 * 1024;
    private byte[] _data = new byte[Initial];
    private RespScanner _scanner;
    private int _start;
    private int _end;

    /// <summary>Waits for more bytes; false when the other side closed.</summary>
    public async ValueTask<bool> ReceiveAsync()
    {
        MakeRoom();
        var count = await stream.ReadAsync(_data.AsMemory(_end));
        _end += count;
        return count > 0;
    }

    public bool TryTake(out RespValue reply)
    {
        if (_start == _end || !_scanner.TryScan(_data.AsSpan(_start, _end - _start), out var length))
        {
            reply = default;
            return false;
        }

        reply = RespParser.Parse(_data.AsSpan(_start, length));
        _start += length;
        return true;
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        if (held == 0)
        {
            // One large reply must not keep its memory for good.
            _data = _data.Length > 16 * Initial ? new byte[Initial] : _data;
            (_start, _end) = (0, 0);
        }
        else if (_end == _data.Length)
        {
            var target = held > _data.Length / 2 ? new byte[checked(_data.Length * 2)] : _data;
            _data.AsSpan(_start, held).CopyTo(target);
            _data = target;
            (_start, _end) = (0, held);
        }
    }
}

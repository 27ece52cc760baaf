using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Looks whether the store is still the one that was opened: an idle silo has no commit that would tell it.</summary>
internal sealed class RedisStoreWatch(RedisStoreSession session)
{
    private long _looks;

    public async ValueTask<StoreSighting> LookAsync(CancellationToken cancellation)
    {
        if (session.Lost is { } known)
        {
            return new StoreSighting(StoreFinding.Lost, known);
        }

        try
        {
            using RespBuffer keys = new(), arguments = new();
            keys.Add(session.Keys.Control);
            var found = (await ControlScripts.Look.RunAsync(
                session.Reads, keys, arguments.Add(session.Epoch), cancellation)).Items;
            return await JudgeAsync(found[0].Text, found[1].Text, found[2].Integer);
        }
        catch (StoreException fault)
        {
            return new StoreSighting(StoreFinding.Away, fault.Message);
        }
    }

    private async Task<StoreSighting> JudgeAsync(string epoch, string protocol, long looks)
    {
        var at = $"Redis at {session.Address}";
        if (epoch != session.Epoch)
        {
            var became = epoch.Length == 0 ? "was emptied" : $"holds another store now, of epoch {epoch}";
            return await LoseAsync($"{at} {became}: the store of epoch {session.Epoch} is not there. End the silos; restore its data, or begin anew "
                + $"without it: {RedisStoreOpening.InitCommandOf(session)}; then start them again.");
        }

        if (protocol != RedisKeys.OrderProtocol)
        {
            return await LoseAsync($"{at} was brought over to order protocol {protocol}, and this silo is of {RedisKeys.OrderProtocol}: "
                + "end it and start one of that version.");
        }

        var before = _looks;
        _looks = looks;
        return looks > before
            ? StoreSighting.Same
            : new StoreSighting(StoreFinding.RolledBack, $"{at} was put back to an older state: its silos had looked after it {before} times, "
                + $"now it knows of {looks - 1}. What was written in between is gone: compare with the venue.");
    }

    private async Task<StoreSighting> LoseAsync(string reason)
    {
        await session.LoseAsync(reason);
        return new StoreSighting(StoreFinding.Lost, reason);
    }
}

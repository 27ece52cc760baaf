using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Evictions;

/// <summary>Silos over one Redis on a machine that has little time for them: none may be taken for dead.</summary>
internal sealed class EvictionsRun(StoreUnderTest store, TimeSpan length, double share, int silos, int rate)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(60);

    public async Task<bool> ExecuteAsync()
    {
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var fleet = new Fleet(place, silos, store == StoreUnderTest.Streams, isWired: false);
        await fleet.StartAsync();
        await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);
        var load = new Load(agents, rate);
        load.Start();
        double measured;
        using (var machine = new BusyMachine(share))
        {
            for (var left = length; left > TimeSpan.Zero; left -= Look)
            {
                await Task.Delay(left < Look ? left : Look);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {name} {(length - left + Look).TotalMinutes:0} min: {fleet.Ended} evictions, processors {machine.Measured:P0} busy"));
            }

            measured = machine.Measured;
        }

        var ended = fleet.Ended;
        var verdict = await Verdict.OfAsync(agents, await load.EndAsync(), fleet.ClientOf(0));
        var isClean = verdict.IsClean && ended == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {silos} silos for {length.TotalMinutes:0} min, processors {measured:P0} busy: {ended} evictions, {verdict}{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }
}

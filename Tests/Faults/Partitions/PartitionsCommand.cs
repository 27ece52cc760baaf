using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Partitions;

/// <summary>The command <c>partitions</c>.</summary>
internal static class PartitionsCommand
{
    private static readonly Option<int> Count = Guard.Count("Partitions of each transport, one after the other.", 7);
    private static readonly Option<int> Seconds = Guard.Number("--seconds", "How long each lasts.", 30);
    private static readonly Option<int> Silos = Guard.Number("--silos", "Silos, two or three.", 2);
    private static readonly Option<int> Rate = Guard.Number("--rate", "Signals a second.", 100);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    private static readonly Option<string> Mode = new("--mode")
    {
        Description = "drop, deaf, mute, delay (among silos), redisdrop, redisdeaf, redisdelay; silos, redis, or all in turn.",
        DefaultValueFactory = _ => "all",
    };

    public static Command Create()
    {
        Mode.AcceptOnlyFromAmong(
            [.. Enum.GetNames<PartitionMode>().Select(name => name.ToLowerInvariant()), "silos", "redis", "all"]);
        var command = new Command("partitions", "Parts one silo from the others, or from Redis, while signals come in.")
        {
            Store, Count, Seconds, Silos, Mode, Rate, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, Store, Seed, (store, random) => new PartitionsRun(
            store, ModesOf(parsed.GetValue(Mode)!), parsed.GetValue(Count), TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Math.Clamp(parsed.GetValue(Silos), 2, 3), parsed.GetValue(Rate), random).ExecuteAsync()));
        return command;
    }

    private static PartitionMode[] ModesOf(string name) => name switch
    {
        "all" => Enum.GetValues<PartitionMode>(),
        "silos" => [.. Enum.GetValues<PartitionMode>().Where(mode => mode < PartitionMode.RedisDrop)],
        "redis" => [.. Enum.GetValues<PartitionMode>().Where(mode => mode >= PartitionMode.RedisDrop)],
        _ => [Enum.Parse<PartitionMode>(name, ignoreCase: true)],
    };
}

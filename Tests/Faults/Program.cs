using System.CommandLine;
using TradingEngine.Tests.Faults.Arming;
using TradingEngine.Tests.Faults.Cluster;
using TradingEngine.Tests.Faults.Evictions;
using TradingEngine.Tests.Faults.Failover;
using TradingEngine.Tests.Faults.Freezes;
using TradingEngine.Tests.Faults.KillSwitch;
using TradingEngine.Tests.Faults.Kills;
using TradingEngine.Tests.Faults.Outages;
using TradingEngine.Tests.Faults.Owner;
using TradingEngine.Tests.Faults.Partitions;
using TradingEngine.Tests.Faults.Restore;
using TradingEngine.Tests.Faults.Soak;

var root = new RootCommand("""
    Faults against real processes: each run starts its own redis-server and silo on free ports with temporary directories,
    breaks them, and counts from outside what came of every signal. A run prints its seed; the same seed repeats it.

    Build the silo first:  dotnet build -c Release Silo
    Then, for example:     dotnet run -c Release --project Tests/Faults -- kills --count 20 --signals 2000

    Exit status: 0 nothing lost or doubled, 1 something was, 2 could not run.
    """)
{
    KillsCommand.Create(),
    OutageCommand.Create(),
    FailoverCommand.Create(),
    PartitionsCommand.Create(),
    FreezesCommand.Create(),
    EvictionsCommand.Create(),
    ArmingCommand.Create(),
    OwnerCommand.Create(),
    KillSwitchCommand.Create(),
    SoakCommand.Create(),
    ClusterCommand.Create(),
    RestoreCommand.Create(),
};

return await root.Parse(args).InvokeAsync();

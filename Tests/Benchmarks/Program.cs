using System.CommandLine;
using TradingEngine.Tests.Benchmarks.BadInput;
using TradingEngine.Tests.Benchmarks.Cadence;
using TradingEngine.Tests.Benchmarks.Exits;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;
using TradingEngine.Tests.Benchmarks.Monitor;
using TradingEngine.Tests.Benchmarks.Risk;
using TradingEngine.Tests.Benchmarks.Throughput;
using TradingEngine.Tests.Benchmarks.Watchers;

var root = new RootCommand("""
    Black-box benchmarks of the trading engine. Each starts its own redis-server and silo on free ports with
    temporary directories, measures from outside over the agents' wire, and takes everything down again.

    Build the silo first:  dotnet build -c Release Silo
    Then, for example:     dotnet run -c Release --project Tests/Benchmarks -- latency --rates 100,1000,10000
                           dotnet run -c Release --project Tests/Benchmarks -- latency --relay-only
                           dotnet run -c Release --project Tests/Benchmarks -- throughput
                           dotnet run -c Release --project Tests/Benchmarks -- cadence --markdown
                           dotnet run -c Release --project Tests/Benchmarks -- exits
                           dotnet run -c Release --project Tests/Benchmarks -- monitor
                           dotnet run -c Release --project Tests/Benchmarks -- risk
                           dotnet run -c Release --project Tests/Benchmarks -- watchers

    Exit status: 0 measured, 1 measured but orders were missing or doubled, 2 could not measure, 130 interrupted.
    """)
{
    LatencyCommand.Create(),
    ThroughputCommand.Create(),
    CadenceCommand.Create(),
    ExitsCommand.Create(),
    MonitorCommand.Create(),
    RiskCommand.Create(),
    BadInputCommand.Create(),
    WatchersCommand.Create(),
    ClientsCommand.Create(),
    RelayCommand.Create(),
};

// After Ctrl+C the children get time to end by themselves before this process is forced out.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(45) };
var parsed = root.Parse(args);
var status = await parsed.InvokeAsync(invocation);
return parsed.Errors.Count > 0 ? BenchmarkRun.CouldNotMeasure : status;

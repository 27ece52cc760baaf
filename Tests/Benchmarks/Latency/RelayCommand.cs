using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>The hidden command the benchmark starts itself with, to run the relay in another process.</summary>
internal static class RelayCommand
{
    public const string Name = "relay";

    public const string StreamsOption = "--streams";

    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true, Description = "Port of Redis on this machine." };
        var streams = new Option<bool>(StreamsOption) { Description = "Relay between streams instead of lists." };
        var command = new Command(Name, "Moves signals to the relay's order list until its standard input closes.")
        {
            port, streams,
        };
        command.Hidden = true;
        // Not cancellable on purpose: a signal ends it at once, wherever it blocks.
        command.SetAction(parsed => Run(parsed.GetRequiredValue(port), parsed.GetValue(streams)));
        return command;
    }

    private static int Run(int port, bool usesStreams)
    {
        // The parent holds the other end: however it dies, the relay does not outlive it.
        var watch = new Thread(() =>
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            Environment.Exit(0);
        })
        { IsBackground = true };
        watch.Start();
        try
        {
            using var connection = new RespConnection(port);
            if (usesStreams)
            {
                new StreamRelay(connection).Run();
            }
            else
            {
                new Relay(connection).Run();
            }
        }
        catch (RespException error)
        {
            // Redis is gone: the run is over.
            Console.Error.WriteLine(error.Message);
        }
        return 0;
    }
}

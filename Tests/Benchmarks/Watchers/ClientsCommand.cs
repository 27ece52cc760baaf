using System.CommandLine;
using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Watchers;

/// <summary>The hidden command the benchmark starts itself with, so that the clients share the machine with what measures, and not its threads.</summary>
internal static class ClientsCommand
{
    private const string Name = "clients-of-events";
    private static readonly TimeSpan Report = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);

    public static Command Create()
    {
        var http = new Option<string>("--http") { Required = true, Description = "Address of the API." };
        var path = new Option<string>("--path") { Required = true, Description = "Path of the stream." };
        var count = new Option<int>("--count") { Required = true, Description = "Clients." };
        var file = new Option<string>("--report") { Required = true, Description = "File that says how many events came and streams ended." };
        var command = new Command(Name, "Listens until its standard input closes.") { http, path, count, file };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var streams = await EventStreams.ConnectAsync(
                new Uri(parsed.GetRequiredValue(http)), parsed.GetRequiredValue(path), parsed.GetRequiredValue(count), cancellation);
            var ending = Console.OpenStandardInput().CopyToAsync(Stream.Null, cancellation);
            do
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{streams.Events} {streams.Ended}");
                await File.WriteAllTextAsync(parsed.GetRequiredValue(file) + ".new", text, cancellation);
                File.Move(parsed.GetRequiredValue(file) + ".new", parsed.GetRequiredValue(file), overwrite: true);
            }
            while (await Task.WhenAny(ending, Task.Delay(Report, cancellation)) != ending);
            return 0;
        });
        return command;
    }

    /// <summary>Starts clients in a process of their own, and waits until all of them listen.</summary>
    public static async Task<ChildProcess> StartAsync(Uri http, string path, int count, string report, CancellationToken cancellation)
    {
        var process = ChildProcess.Start(
            "clients", DotNet.Host, Path.GetDirectoryName(report)!,
            [DotNet.ThisBinary, Name, "--http", http.ToString(), "--path", path, "--count", $"{count}", "--report", report]);
        try
        {
            await process.WaitUntilAsync($"{count} clients to listen", () => File.Exists(report), StartTimeout, cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Events that came so far, all clients together, and streams that ended though nobody asked for it.</summary>
    public static async Task<(long Events, int Ended)> ReadAsync(string report)
    {
        var parts = (await File.ReadAllTextAsync(report)).Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}

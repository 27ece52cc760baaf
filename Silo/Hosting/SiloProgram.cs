using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Silo.Hosting;

/// <summary>Runs a silo from its first line to its summary.</summary>
internal static class SiloProgram
{
    private const int Refused = 2;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(40);

    /// <summary>Without its store a silo has nothing to save, and nobody to take leave of.</summary>
    private static readonly TimeSpan LongestEndWithoutStore = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SummaryEvery = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        var watch = new StoreWatch();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = EndAnywayAsync(watch);
            // The handler may come while the process already ends.
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var command = SiloCommand.Create((settings, _) => RunAsync(settings, watch, stop.Token));
        try
        {
            var parsed = command.Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
            {
                throw new SettingsException(string.Join('\n', parsed.Errors.Select(error => $"{error.Message} --help lists the options")));
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (exception is SettingsException or StoreRefusedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Refused;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>What is durable is durable already: an end that hangs, as on a store that went away meanwhile, is cut short.</summary>
    private static async Task EndAnywayAsync(StoreWatch watch)
    {
        var asked = Stopwatch.GetTimestamp();
        TimeSpan limit;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            limit = watch.Lost is null ? LongestEnd : LongestEndWithoutStore;
        }
        while (Stopwatch.GetElapsedTime(asked) < limit);

        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"The silo did not end within {limit.TotalSeconds:0} s and was stopped{(watch.Lost is null ? "; nothing that was committed is lost" : "")}."));
        Environment.Exit(1);
    }

    private static async Task<int> RunAsync(SiloSettings settings, StoreWatch watch, CancellationToken stop)
    {
        var isReplay = settings.Feed == FeedKind.Replay;
        settings = PluginLoader.Load(settings) with
        {
            Data = Path.GetFullPath(isReplay ? ReplayDirectory(settings) : settings.Data),
        };
        Ports.Check(settings.SiloListenPort == settings.SiloPort ? "--silo-port" : "--silo-listen-port", settings.SiloListenPort, settings.Reach);
        Ports.Check("--gateway-port", settings.GatewayPort, settings.Reach);
        if (settings.Api is not null)
        {
            Ports.CheckHttp(settings.Api.Address);
        }

        await using var log = LogFile(settings);
        using var telemetry = settings.Telemetry is { } collector ? new Telemetry(collector) : null;
        var clock = isReplay ? new FakeTimeProvider(DateTimeOffset.UnixEpoch) : TimeProvider.System;
        var activity = isReplay ? new QueueActivity() : null;
        Banner.Print(Console.Out, settings);
        var access = new EngineAccess(() => watch.Lost);
        using var logs = new SerilogLoggerProvider(log);
        await using var api = settings.Api is null ? null : await ApiHost.StartAsync(settings.Api, access, logs);
        using var loggers = new SerilogLoggerFactory(log);
        await using var store = await new StoreFactory(settings, loggers, activity)
            .OpenAsync(Console.Out.WriteLine, stop);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var looking = watch.RunAsync(store.Store, settings.Partition, Console.Error, watching.Token);
        settings = await new ConfigurationStart(settings, clock, Console.Out).RunAsync(
            store.Store.Partition(settings.Partition), stop);
        using var host = OrleansHost.Build(settings, store, clock, log, activity, watch);
        await host.StartAsync(stop);
        access.Services = host.Services;
        Console.WriteLine($"Ready: {store.Store.Description.Replace(settings.Data, Banner.Short(settings.Data), StringComparison.Ordinal)}");
        Banner.PrintMode(Console.Out, await store.Store.Partition(settings.Partition).ReadControlAsync(stop));
        await TradeAsync(settings, host, stop);
        access.Services = null;
        using var limit = new CancellationTokenSource(watch.Lost is null ? TimeSpan.FromSeconds(15) : TimeSpan.FromSeconds(1));
        await host.StopAsync(limit.Token);
        await watching.CancelAsync();
        await looking;
        return 0;
    }

    private static async Task TradeAsync(SiloSettings settings, IHost host, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reporter = new ConsoleReporter(
            host.Services.GetRequiredService<FactHub>(), Console.Out, printsEvents: settings.Speed is not null || settings.Feed != FeedKind.Replay);
        var printing = reporter.RunAsync(ending.Token);
        if (settings.Feed == FeedKind.Replay)
        {
            await ReplayRun.RunAsync(settings, host.Services, Console.Out, ending.Token);
        }
        else
        {
            await SummarizeAsync(reporter, host.Services, settings.Partition, ending.Token);
        }

        await ending.CancelAsync();
        await printing;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ended: {reporter.Summary()}"));
    }

    private static async Task SummarizeAsync(
        ConsoleReporter reporter, IServiceProvider services, string partition, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SummaryEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Console.WriteLine(await StatusLine.ReadAsync(services.GetRequiredService<IGrainFactory>(), partition));
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    /// <summary>A replay is a run of its own: it must not meet the positions of another.</summary>
    private static string ReplayDirectory(SiloSettings settings)
    {
        for (var run = 1; ; run++)
        {
            var directory = Path.Combine(settings.Data, "replays", $"seed-{settings.Seed}-run-{run}");
            if (!Directory.Exists(directory))
            {
                return directory;
            }
        }
    }

    private static Serilog.Core.Logger LogFile(SiloSettings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.Data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--data is {settings.Data}, which cannot be written: {exception.Message}", exception);
        }

        const string Text = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";
        ITextFormatter format = settings.LogsJson
            ? new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)
            : new MessageTemplateTextFormatter(Text, CultureInfo.InvariantCulture);
        return new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.File(
            format, Path.Combine(settings.Data, "logs", "silo-.log"),
            rollingInterval: RollingInterval.Day, fileSizeLimitBytes: 64 * 1024 * 1024, rollOnFileSizeLimit: true,
            retainedFileCountLimit: 8).CreateLogger();
    }
}

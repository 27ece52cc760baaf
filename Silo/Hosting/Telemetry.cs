using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Streaming.Diagnostics;

namespace TradingEngine.Silo.Hosting;

/// <summary>What is sent to a collector.</summary>
/// <param name="Endpoint">Its address: gRPC, or HTTP where it has a path or port 4318.</param>
/// <param name="Sample">Share of the signals whose way is traced, 0 to 1; one that comes with a sampled trace is traced in any case.</param>
/// <param name="Instance">Name of this silo.</param>
internal sealed record TelemetryOptions(Uri Endpoint, double Sample, string Instance)
{
    private const int HttpPort = 4318;

    /// <summary>The settings, in the order of the help.</summary>
    public static readonly Setting EndpointSetting = new("otlp", "",
        "OpenTelemetry collector that gets metrics, traces and logs: http://host:4317 for gRPC, http://host:4318 for HTTP.");

    /// <inheritdoc cref="EndpointSetting"/>
    public static readonly Setting SampleSetting = new("trace-sample", "0",
        "Share of signals whose way is traced and sent to --otlp; a signal with a sampled traceparent is in any case.", "0 to 1");

    /// <summary>Reads them; null where nothing is sent.</summary>
    public static TelemetryOptions? Read(SettingSource source, double sample, int siloPort)
    {
        var (value, origin) = source.Find(EndpointSetting);
        if (value.Length == 0)
        {
            return sample == 0 || source.IsWrong(SampleSetting) ? null
                : source.Wrong<TelemetryOptions?>(SampleSetting, $"--trace-sample is {sample}, but nobody gets the traces; add --otlp <endpoint>, or leave it away");
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
            ? new TelemetryOptions(endpoint, sample, $"{Environment.MachineName}:{siloPort}")
            : source.Wrong<TelemetryOptions?>(EndpointSetting, $"{origin} is {value}; use http://host:4317 for gRPC, http://host:4318 for HTTP");
    }

    /// <summary>Who speaks.</summary>
    public ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(EngineTelemetry.Name, serviceVersion: OrleansHost.Version, serviceInstanceId: Instance);

    /// <summary>Sets an exporter up for <c>metrics</c>, <c>traces</c> or <c>logs</c>.</summary>
    public void Configure(OtlpExporterOptions exporter, string what)
    {
        var isHttp = Endpoint.Port == HttpPort || Endpoint.AbsolutePath.Length > 1;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri(Endpoint.AbsoluteUri.TrimEnd('/') + "/v1/" + what) : Endpoint;
    }
}

/// <summary>Sends metrics and traces to a collector, for as long as the process lives. One that is away costs what it would have got.</summary>
internal sealed class Telemetry : IDisposable
{
    private const int MetricsEveryMilliseconds = 10_000;

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public Telemetry(TelemetryOptions options)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(options.Resource())
            .AddSource(EngineTelemetry.Name)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Sample)))
            .AddOtlpExporter(exporter => options.Configure(exporter, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(options.Resource())
            .AddMeter(EngineTelemetry.Name, "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                options.Configure(exporter, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = MetricsEveryMilliseconds;
            })
            .Build();
    }

    /// <summary>Lets logs go to the collector, at the level that is logged.</summary>
    public static void AddLogs(ILoggingBuilder logging, TelemetryOptions options, LogLevelSwitch level)
    {
        logging.AddOpenTelemetry(logger =>
        {
            logger.SetResourceBuilder(options.Resource());
            logger.IncludeFormattedMessage = true;
            logger.AddOtlpExporter(exporter => options.Configure(exporter, "logs"));
        });
        logging.AddFilter<OpenTelemetryLoggerProvider>((_, at) => at >= level.Level && at >= LogLevel.Information);
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}

/// <summary>Keeps the engine's figures fresh for a collector, which gets them without asking.</summary>
internal sealed class ReadingsWatch(EngineReadings readings, EngineGauges gauges) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        GC.KeepAlive(gauges);
        using var timer = new PeriodicTimer(Period);
        do
        {
            await readings.RefreshAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

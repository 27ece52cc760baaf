using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>The first lines of a silo.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, SiloSettings settings)
    {
        var execution = settings.Execution == ExecutionKind.Paper ? "PAPER" : "EXTERNAL EXECUTION";
        var store = settings.Store == StoreKind.Embedded
            ? $"embedded in {Short(settings.Data)}"
            : $"redis {settings.Redis?.Split(',')[0] ?? "(found or started)"}, {(settings.UsesStreams ? "streams" : "lists")}";
        var feed = settings.Feed == FeedKind.Replay ? $"replay of {settings.ReplayFile}" : settings.Feed.ToString().ToLowerInvariant();
        output.WriteLine($"TradingEngine {OrleansHost.Version}  {execution}");
        output.WriteLine($"  store   {store}");
        if (settings.Partitions > 1)
        {
            output.WriteLine($"  part    partition {settings.Partition} of {settings.Partitions}: accounts of the others are refused");
        }

        output.WriteLine($"  feed    {feed}, seed {settings.Seed}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  risk    {settings.Risk.Name}, equity {settings.Equity:0.##}"));
        output.WriteLine($"  address clients {settings.Reach.Advertised}:{settings.GatewayPort}, silos {settings.Reach.Advertised}:{settings.SiloPort}, "
            + $"http {settings.Api?.Address.GetLeftPart(UriPartial.Authority) ?? "none"}");
        foreach (var plugin in settings.LoadedPlugins)
        {
            output.WriteLine($"  plug-in {plugin}");
        }

        output.WriteLine($"  log     {Path.Combine(Short(settings.Data), "logs")}");
        if (settings.Reach.IsOpen)
        {
            output.WriteLine($"  WARNING silos and clients meet at {settings.Reach.Advertised} without TLS and without keys: whoever reaches the ports "
                + $"{settings.SiloListenPort} and {settings.GatewayPort} may do everything. For a private network only.");
        }

        PrintOpen(output, settings);
    }

    /// <summary>Says loudly where nothing but structure is checked.</summary>
    public static void PrintOpen(TextWriter output, SiloSettings settings)
    {
        if (settings.Risk.General.IsStructuralOnly)
        {
            output.WriteLine("  WARNING risk is open: limits, expiry, sessions and price age are NOT checked. For load tests only.");
        }
    }

    /// <summary>Says what the store holds the engine back from, which outlived the silo before; nothing where it runs freely.</summary>
    public static void PrintMode(TextWriter output, ControlState control)
    {
        var mode = (EngineMode)control.Mode;
        if (mode != EngineMode.Running)
        {
            var way = mode switch
            {
                EngineMode.Killed or EngineMode.KilledFlattening => "reset --reason <why it is safe>",
                EngineMode.Paused or EngineMode.ReduceOnly => "resume",
                _ => "start",
            };
            output.WriteLine($"WARNING the engine is {ModeCommands.NameOf(mode)} ({control.Reason}) and takes no entries. To go on: Client -- {way}");
        }

        if (control.Halts.Count > 0)
        {
            output.WriteLine($"WARNING no entries of {string.Join(", ", control.Halts.Keys.Order(StringComparer.Ordinal))}: Client -- status says why");
        }
    }

    /// <summary>A directory as the user would type it: from where they stand, if it lies below.</summary>
    public static string Short(string directory)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, directory);
        return relative == "." ? relative
            : Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)
            ? directory
            : Path.Combine(".", relative);
    }
}

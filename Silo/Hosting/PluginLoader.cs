using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using TradingEngine.Trading.Plugins;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Silo.Hosting;

/// <summary>
/// Registers what the engine and its plug-ins bring. A plug-in is an assembly directly in the folder, or one in a subfolder
/// of its own name, beside the assemblies it needs.
/// </summary>
internal static class PluginLoader
{
    /// <summary>The settings with the strategies that run inside the cluster.</summary>
    /// <exception cref="SettingsException">A plug-in cannot be loaded; the message names its file and why.</exception>
    public static SiloSettings Load(SiloSettings settings)
    {
        if (settings.Feed is not (FeedKind.Redis or FeedKind.Http))
        {
            // Where prices come from outside, so do the usual strategies.
            DemoStrategies.AddTo(settings.Strategies);
        }

        var loaded = settings.Plugins is null
            ? settings
            : settings with { LoadedPlugins = [.. FilesOf(settings.Plugins).Select(file => Load(settings, file))] };
        return loaded with { Tiers = TiersOf(loaded) };
    }

    /// <summary>Read here, since plug-ins bring jobs.</summary>
    private static ImmutableArray<TierDefinition> TiersOf(SiloSettings settings)
    {
        try
        {
            return TierDefinition.Parse(settings.TierText.Value, TierJobRegistry.Default);
        }
        catch (FormatException exception)
        {
            throw new SettingsException($"{settings.TierText.Origin}: {exception.Message}", exception);
        }
    }

    /// <summary>In the order of their names, so that every silo and every replay has the same order of strategies.</summary>
    private static List<string> FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.dll")
            .Concat(Directory.EnumerateDirectories(folder)
                .Select(own => Path.Combine(own, Path.GetFileName(own) + ".dll")).Where(File.Exists))
            .Where(file => !IsHosts(Path.GetFileNameWithoutExtension(file)))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal),
    ];

    private static string Load(SiloSettings settings, string file)
    {
        var before = settings.Strategies.Entries.Length;
        try
        {
            var types = new PluginContext(file).LoadFromAssemblyPath(file).GetExportedTypes()
                .Where(type => type.IsAssignableTo(typeof(IPlugin)) && !type.IsAbstract).ToList();
            if (types is not [var type])
            {
                throw new InvalidOperationException(types.Count == 0
                    ? "it has no public class that implements IPlugin"
                    : $"it has {types.Count} classes that implement IPlugin, and one is wanted");
            }

            ((IPlugin)Activator.CreateInstance(type)!).Register(new PluginRegistry(settings.Strategies));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Code of others, built against whatever version: anything may be thrown.
            throw new SettingsException($"The plug-in {file} cannot be loaded: {ReasonOf(exception)}", exception);
        }

        var names = settings.Strategies.Entries.Skip(before).Select(entry => entry.Name).ToList();
        return $"{Path.GetFileName(file)}: {(names.Count == 0 ? "nothing" : "strategies " + string.Join(", ", names))}";
    }

    private static string ReasonOf(Exception exception)
    {
        var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        var reason = cause is BadImageFormatException ? "it is no .NET assembly" : cause.Message;
        return string.Join(' ', reason.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static bool IsHosts(string assembly) => assembly.StartsWith("TradingEngine.", StringComparison.Ordinal)
        && File.Exists(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));

    /// <summary>
    /// Loads a plug-in apart from the host and from other plug-ins, each with its own versions of what it needs. The engine's
    /// assemblies are the host's: a second copy would have types of the same names that are not the same.
    /// </summary>
    private sealed class PluginContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver _resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            !IsHosts(assemblyName.Name!) && _resolver.ResolveAssemblyToPath(assemblyName) is { } path
                ? LoadFromAssemblyPath(path)
                : null;
    }
}

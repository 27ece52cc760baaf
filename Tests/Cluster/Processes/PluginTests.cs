using TradingEngine.Client;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>Assemblies dropped into the folder of plug-ins of the real silo.</summary>
public sealed class PluginTests
{
    private const string File = "SamplePlugin.dll";
    private const string Strategy = "three_in_a_row";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_dropped_into_the_folder_trades()
    {
        using var place = new SiloPlace();
        var folder = Folder(place);
        System.IO.File.Copy(SamplePath, Path.Combine(folder, File));
        await using var silo = SiloProcess.Start([.. place.Arguments, "--feed", "simulated", "--plugins", folder]);
        await silo.PrintsAsync($"  plug-in {File}: strategies {Strategy}");
        await silo.PrintsAsync("Ready: embedded");

        await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
        await Eventually.HoldsAsync("a filled order of the plug-in's strategy", async () =>
            (await client.GetOrdersAsync(1000, Stop)).Any(order =>
                order.Order.Strategy == Strategy && order.State?.Status == OrderStatus.Filled));
        Assert.Equal(0, await silo.TerminateAsync());
        Assert.Empty(silo.Errors);
    }

    [Fact]
    public async Task File_that_is_no_assembly_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        var file = Path.Combine(Folder(place), "broken.dll");
        await System.IO.File.WriteAllTextAsync(file, "not code", Stop);

        await RefusedAsync(place, $"The plug-in {file} cannot be loaded: it is no .NET assembly");
    }

    [Fact]
    public async Task Assembly_without_a_plugin_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        var file = Path.Combine(Folder(place), "CsCheck.dll");
        System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, "CsCheck.dll"), file);

        await RefusedAsync(place, $"The plug-in {file} cannot be loaded: it has no public class that implements IPlugin");
    }

    [Fact]
    public async Task Strategy_of_a_taken_name_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        var folder = Folder(place);
        System.IO.File.Copy(SamplePath, Path.Combine(folder, File));
        var file = Path.Combine(folder, "Twice.dll");
        System.IO.File.Copy(SamplePath, file);

        await RefusedAsync(place, $"The plug-in {file} cannot be loaded: there is a strategy '{Strategy}' already");
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        var folder = Path.Combine(place.Directory, "plugins");

        await RefusedAsync(place, $"--plugins is {folder}, but there is no folder {folder}");
    }

    private static string SamplePath
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "SamplePlugin", here.Name, File);
        }
    }

    private static string Folder(SiloPlace place) =>
        Directory.CreateDirectory(Path.Combine(place.Directory, "plugins")).FullName;

    private static async Task RefusedAsync(SiloPlace place, string line)
    {
        await using var silo = SiloProcess.Start([.. place.Arguments, "--plugins", Path.Combine(place.Directory, "plugins")]);
        Assert.Equal(2, await silo.EndsAsync());
        Assert.Equal(line, Assert.Single(silo.Errors));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Cluster;

/// <summary>What docs/operations.md tells an operator to do with three silos, while signals come in: kill one, bring it back, restart all in turn.</summary>
internal sealed class ClusterRun(int rate)
{
    private const int Killed = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OrderGoal = TimeSpan.FromSeconds(5);

    // A panel asks again and again, and whatever it asks is answered by then.
    private static readonly TimeSpan PanelGoal = TimeSpan.FromSeconds(10);

    public async Task<bool> ExecuteAsync()
    {
        await using var cluster = new ClusterScript();
        Say(await cluster.RunAsync(
            "up", "3", "--no-build", "--", "--feed", "redis", "--execution", "redis", "--risk", "open"));
        var agents = await RedisAgents.ConnectAsync(cluster.RedisAddress, usesStreams: false);
        bool isClean;
        try
        {
            var load = new Load(agents, rate);
            load.Start();
            await Poll.UntilAsync("an order of the first signals", () => Task.FromResult(agents.SeenSignals > rate), Limit);
            isClean = await KillAsync(cluster, agents, load);
            isClean &= await RollAsync(cluster);
            Say(await cluster.RunAsync("status"));
            var verdict = await Verdict.OfAsync(agents, await load.EndAsync(), cluster.ClientOf(1));
            Console.WriteLine($"cluster: {verdict}{(verdict.IsClean ? "" : "  WRONG")}");
            isClean &= verdict.IsClean;
        }
        finally
        {
            await agents.DisposeAsync();
        }

        return isClean & await DownAsync(cluster);
    }

    private static async Task<bool> KillAsync(ClusterScript cluster, RedisAgents agents, Load load)
    {
        int[] others = [.. Enumerable.Range(1, ClusterScript.Silos).Where(silo => silo != Killed)];
        await using var panels = new Watchers([.. others.Select(cluster.HttpOf)], takesTurns: false);
        await cluster.RunAsync("kill", Killed.ToString(CultureInfo.InvariantCulture));
        var began = Stopwatch.GetTimestamp();
        var first = load.Next;
        await Poll.UntilAsync($"the order of {first}", () => Task.FromResult(agents.HasSeen(first)), Limit);
        var gap = Stopwatch.GetElapsedTime(began);
        var faults = new List<string>();
        foreach (var silo in others)
        {
            foreach (var command in new string[][] { ["status"], ["positions"], ["orders"], ["halt", "--symbol", "EURUSD", "--reason", "drill"], ["unhalt", "--symbol", "EURUSD"] })
            {
                if (await cluster.AskAsync(silo, command) is { } fault)
                {
                    faults.Add(fault);
                }
            }
        }

        var (answers, longest, _) = await panels.EndAsync();
        var isClean = gap <= OrderGoal && longest <= PanelGoal && faults.Count == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"kill of silo {Killed}: next order after {gap.TotalSeconds:0.00} s; the API of the others answered {answers} times, "
            + $"at most {longest.TotalSeconds:0.00} s apart; {faults.Count} commands of the client failed{(isClean ? "" : "  WRONG")}"));
        faults.ForEach(fault => Console.WriteLine("  " + fault));
        Say(await cluster.RunAsync("restart", Killed.ToString(CultureInfo.InvariantCulture)));
        return isClean;
    }

    private static async Task<bool> RollAsync(ClusterScript cluster)
    {
        await using var panel = new Watchers([.. Enumerable.Range(1, ClusterScript.Silos).Select(cluster.HttpOf)], takesTurns: true);
        var began = Stopwatch.GetTimestamp();
        Say(await cluster.RunAsync("rolling", "--no-build"));
        var (answers, longest, fault) = await panel.EndAsync();
        var isClean = longest <= PanelGoal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"rolling restart of {ClusterScript.Silos} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: the API answered {answers} times, "
            + $"at most {longest.TotalSeconds:0.00} s apart{(isClean ? "" : $"  WRONG, {fault}")}"));
        return isClean;
    }

    /// <summary>Ends it, and looks whether anything that it started still listens.</summary>
    private static async Task<bool> DownAsync(ClusterScript cluster)
    {
        Say(await cluster.RunAsync("down"));
        var left = new List<int>();
        foreach (var port in cluster.Ports)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                left.Add(port);
            }
            catch (SocketException)
            {
                // Nobody is there any more.
            }
        }

        if (left.Count > 0)
        {
            Console.WriteLine($"after down somebody listens on {string.Join(", ", left)}  WRONG");
        }

        return left.Count == 0;
    }

    private static void Say(string output) => Console.Write(string.Join('\n', output.TrimEnd().Split('\n').Select(line => "  " + line)) + "\n");
}

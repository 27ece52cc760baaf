using System.Collections.Immutable;
using System.Diagnostics;
using Spectre.Console;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The live view: it fits any window, and leaves the terminal as it was.</summary>
[Collection(Alone.Name)]
public sealed class WatchTests
{
    private const string AlternateScreen = "\u001b[?1049h";
    private const string MainScreen = "\u001b[?1049l";
    private const string Cursor = "\u001b[?25h";

    /// <summary>Runs a command in a terminal of that size, types into it once it shows something, and prints what it wrote.</summary>
    private const string InTerminal = """
        import fcntl, os, pty, select, signal, struct, sys, termios, time
        columns, rows, typed, awaited = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode().decode("unicode_escape").encode("latin-1"), sys.argv[4].encode()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm-256color"
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs the tests in the background has it ignored, and so would this
            os.execvp(sys.argv[5], sys.argv[5:])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        seen, done, end = b"", False, time.monotonic() + 60
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    more = os.read(terminal, 65536)
                except OSError:
                    break
                if not more:
                    break
                seen += more
            if awaited in seen and not done:
                os.write(terminal, typed)
                done = True
        if time.monotonic() >= end:
            os.kill(pid, 9)
        sys.stdout.buffer.write(seen)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Page_fits_every_window_and_always_says_how_to_end()
    {
        foreach (var width in new[] { 8, 20, 39, 40, 80, 132, 200 })
        {
            foreach (var height in new[] { 1, 2, 5, 10, 24, 60 })
            {
                foreach (var fault in new[] { null, "No engine answers at 127.0.0.1:30000. (Trying again.)" })
                {
                    var lines = WatchPage.Lines(View(positions: 30), fault, width, height).Select(Markup.Remove).ToList();

                    Assert.Equal(height, lines.Count);
                    Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, $"{width}×{height}: '{line}'"));
                    Assert.StartsWith("q or Esc"[..Math.Min(7, width - 1)], lines[^1], StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Narrow_page_keeps_what_matters_and_counts_what_it_leaves_out()
    {
        var lines = WatchPage.Lines(View(positions: 30), null, 40, 24).Select(Markup.Remove).ToList();

        Assert.StartsWith("reduce_only", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("BTCUSD", StringComparison.Ordinal) && line.Contains("+1.50", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("… ", StringComparison.Ordinal) && line.TrimEnd().EndsWith("more", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("halted symbol/EURUSD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("q", 80, 24)]
    [InlineData("\\x1b", 40, 20)]
    [InlineData("\\x03", 132, 40)]
    public async Task Q_Escape_and_Ctrl_C_end_it_and_restore_the_terminal(string typed, int columns, int rows)
    {
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start(place.Arguments);
        await silo.PrintsAsync("Ready");

        var (code, seen) = await InTerminalAsync(columns, rows, typed, "active", "watch", "--gateway", place.ClientOptions.Gateway.ToString());

        Assert.Equal(0, code);
        Assert.Contains("running", seen, StringComparison.Ordinal);
        var (enter, leave) = (seen.IndexOf(AlternateScreen, StringComparison.Ordinal), seen.LastIndexOf(MainScreen, StringComparison.Ordinal));
        Assert.InRange(enter, 0, leave);
        Assert.True(seen.LastIndexOf(Cursor, StringComparison.Ordinal) > enter, "The cursor is hidden still.");
        Assert.DoesNotContain("active", seen[leave..], StringComparison.Ordinal);
        Assert.Equal(0, await silo.TerminateAsync());
    }

    private static async Task<(int Code, string Seen)> InTerminalAsync(int columns, int rows, string typed, string awaited, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "python3", ["-c", InTerminal, $"{columns}", $"{rows}", typed, awaited, "dotnet", SiloProcess.PathOf("Client"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var seen = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, seen);
    }

    private static WatchView View(int positions) => new(
        Now,
        new EngineStatus
        {
            Mode = EngineMode.ReduceOnly, ModeReason = "drawdown of account default", Version = "1.0.0", Uptime = TimeSpan.FromHours(30), Store = "embedded",
            Feed = "simulated", Execution = "paper", Silos = 3,
            Tiers = [.. new[] { "ultra_hft", "fast", "tactical", "strategic" }.Select((name, index) => Tier(index + 1, name))],
            Accounts =
            [
                new AccountSummary
                {
                    Account = "default", Equity = 99_000m, Realized = -1000m, Long = 5000m, Short = 0m, OpenPositions = positions, WorkingOrders = 1,
                    Limits = "conservative", Currency = "USD", DayStart = 100_000m, Peak = 101_000m,
                },
            ],
            Totals = new EngineTotals(123_456, 60_000, 59_970, 12, positions, positions, 0, -1000m),
            Monitoring = new MonitoringView
            {
                Watched = positions, Armed = positions, Overdue = 0, InDoubt = 1, OldestAge = TimeSpan.FromMinutes(5), StaleSymbols = ["EURUSD"], Marks = [],
            },
            Reconciliation = ReconciliationView.None,
            Halts = [new HaltView("symbol/EURUSD", new Halt("operator", "news [sic]"))],
        },
        new StoreHealth(true, 0.21, "AOF everysec", ImmutableDictionary<string, long>.Empty, null),
        [.. Enumerable.Range(0, positions).Select(Position)],
        []);

    private static PositionView Position(int number) => new(
        new PositionIndexEntry
        {
            Id = $"5K4CG4A53NWV253NKDKM4YFZ2{number:000}", Account = "default", Strategy = "a_rather_long_name_of_a_strategy", Kind = StrategyKind.Generic, ContractSize = 1m, Symbol = "BTCUSD", Side = Side.Buy,
            Quantity = 0.4837m, AverageOpen = 64_000m, StopLoss = 63_000m, TakeProfit = 66_000m, CreatedAt = Now.AddMinutes(-number), Phase = PositionPhase.Open,
        },
        64_003.1m, 1.5m, true);

    private static TierStatistics Tier(int number, string name) => new()
    {
        Tier = number, Name = name, Period = TimeSpan.FromMilliseconds(1), Cycles = 1_234_567, Overruns = 12, FailedCycles = 0, Signals = 1000, Accepted = 900,
        Rejected = 100, Duplicates = 0, DeadLetters = 0, Latency = new Percentiles(1000, 250, 1800, 4000), BeatPeriod = new Percentiles(1000, 999, 1090, 3000),
    };
}

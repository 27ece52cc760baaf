using System.Globalization;
using System.Text;
using CsCheck;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>What producers and agents send, in every shape of the wire, and what is not taken.</summary>
public sealed class WireTests
{
    private const string Buy = """{"action":"buy","symbol":"EURUSD","entry_price":1.1,"quantity":0.1""";

    [Theory]
    [InlineData("buy", SignalAction.Buy)]
    [InlineData("LONG", SignalAction.Buy)]
    [InlineData("Sell", SignalAction.Sell)]
    [InlineData("short", SignalAction.Sell)]
    [InlineData("hold", SignalAction.Hold)]
    [InlineData("close", SignalAction.Close)]
    [InlineData("exit", SignalAction.Close)]
    [InlineData("FLAT", SignalAction.Close)]
    public void Action_is_read_in_any_case_and_by_any_name(string text, SignalAction expected) =>
        Assert.Equal(expected, Signal($$"""{"action":"{{text}}","symbol":"EURUSD"}""").Action);

    [Theory]
    [InlineData("""{"symbol":"EURUSD","bid":1.1,"ask":1.2}""", "EURUSD")]
    [InlineData("""{"type":"market_data_update","data":{"bid":1.1,"symbol":"BTCUSD"}}""", "BTCUSD")]
    [InlineData("""{"data":{"details":{"symbol":"deep"}},"symbol":"EURUSD"}""", "EURUSD")]
    [InlineData("""{"symbol":7}""", null)]
    [InlineData("""{"symbol":"\ud800"}""", null)]
    [InlineData("""{"bid":1.1}""", null)]
    [InlineData("no JSON", null)]
    public void Symbol_of_a_price_is_seen_in_passing(string json, string? expected) =>
        Assert.Equal(expected, MarketReader.SymbolOf(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Signal_is_read_in_full()
    {
        var signal = Signal("""
            {"signal_id":"x1","action":"buy","symbol":"EURUSD","entry_price":1.1,"stop_loss":1.05,"take_profit":1.2,
            "quantity":0.1,"strategy":"Trend_Following","confidence":0.9,"timestamp":1772452800.5,"account":"a","position_id":"P9"}
            """);

        Assert.Equal(
            new Signal
            {
                Id = "x1", Tier = 2, Account = "a", Strategy = "trend_following", Kind = StrategyKind.Trend,
                Action = SignalAction.Buy, Symbol = "EURUSD", Quantity = 0.1m, EntryPrice = 1.1m, StopLoss = 1.05m,
                TakeProfit = 1.2m, Confidence = 0.9m, Time = Given.Now.AddSeconds(0.5), PositionId = "P9", Legs = signal.Legs,
            },
            signal);
        Assert.Empty(signal.Legs);
    }

    [Fact]
    public void Signal_has_defaults_for_what_is_absent_or_null()
    {
        var signal = Signal("""{"action":"buy","symbol":"EURUSD","quantity":null,"stop_loss":null,"strategy":null}""");

        Assert.Equal(("e1", "default", "generic", StrategyKind.Generic, 0.01m, null, null, 0.5m, Given.Now),
            (signal.Id, signal.Account, signal.Strategy, signal.Kind, signal.Quantity, signal.EntryPrice, signal.StopLoss,
                signal.Confidence, signal.Time));
    }

    [Theory]
    [InlineData("quantity")]
    [InlineData("volume")]
    [InlineData("amount")]
    [InlineData("size")]
    public void Quantity_has_four_names(string name) =>
        Assert.Equal(0.25m, Signal($$"""{"action":"buy","symbol":"EURUSD","{{name}}":0.25}""").Quantity);

    [Theory]
    [InlineData("entry_price")]
    [InlineData("price")]
    [InlineData("expected_price")]
    public void Price_has_three_names(string name) =>
        Assert.Equal(1.25m, Signal($$"""{"action":"buy","symbol":"EURUSD","{{name}}":1.25}""").EntryPrice);

    [Theory]
    [InlineData("strategy", "breakout_strategy", StrategyKind.Breakout)]
    [InlineData("strategy_type", "moving_average", StrategyKind.Trend)]
    [InlineData("type", "momentum", StrategyKind.Trend)]
    [InlineData("type", "mean_reversion", StrategyKind.MeanReversion)]
    [InlineData("strategy", "RSI_swing", StrategyKind.MeanReversion)]
    [InlineData("strategy", "whatever", StrategyKind.Generic)]
    public void Strategy_has_three_names_and_five_families(string name, string value, StrategyKind expected) =>
        Assert.Equal(expected, Signal($$"""{"action":"buy","symbol":"EURUSD","{{name}}":"{{value}}"}""").Kind);

    [Theory]
    [InlineData("signal_id")]
    [InlineData("message_id")]
    [InlineData("id")]
    public void Id_has_three_names_and_may_be_a_number(string name)
    {
        Assert.Equal("x", Signal($$"""{"action":"buy","symbol":"EURUSD","{{name}}":"x"}""").Id);
        Assert.Equal("17", Signal($$"""{"action":"buy","symbol":"EURUSD","{{name}}":17}""").Id);
    }

    [Theory]
    [InlineData("\"1.25\"", 1.25)]
    [InlineData("\"1.25e2\"", 125)]
    [InlineData("1.25E-1", 0.125)]
    [InlineData("\" 7 \"", 7)]
    public void Number_may_be_spelled_as_text(string text, double expected) => Assert.Equal(
        (decimal)expected, Signal($$"""{"action":"buy","symbol":"EURUSD","price":{{text}}}""").EntryPrice);

    [Theory]
    [InlineData("1772452800", true)]
    [InlineData("1772452800.123", true)]
    [InlineData("\"1772452800\"", true)]
    [InlineData("9999999999", true)]
    [InlineData("10000000000", false)]
    [InlineData("1772452800123", false)]
    public void Timestamp_is_in_seconds_and_milliseconds_are_refused(string text, bool isTaken) => Assert.Equal(
        isTaken, Read($$"""{"action":"buy","symbol":"EURUSD","timestamp":{{text}}}""", 2, out _) is not null);

    [Theory]
    [InlineData("EURUSD")]
    [InlineData("btc/usd")]
    [InlineData("US30_i")]
    [InlineData("AAPL#")]
    [InlineData("A.B+C-D")]
    public void Symbol_keeps_its_case(string symbol) =>
        Assert.Equal(symbol, Signal($$"""{"action":"buy","symbol":"{{symbol}}"}""").Symbol);

    [Fact]
    public void Arbitrage_names_its_legs()
    {
        var signal = Signal("""
            {"action":"arbitrage","symbol":"BTCUSD","quantity":3,"legs":[{"side":"buy","price":100,"venue":"A","quantity":2},
            {"symbol":"BTCEUR","side":"SHORT","price":"101","exchange":"B"}]}
            """, 1);

        Assert.Equal([new SignalLeg("BTCUSD", Side.Buy, 2m, 100m, "A"), new SignalLeg("BTCEUR", Side.Sell, 3m, 101m, "B")],
            signal.Legs);
        Assert.Equal((StrategyKind.Arbitrage, "arbitrage", "BTCUSD"), (signal.Kind, signal.Strategy, signal.Symbol));
    }

    [Theory]
    [InlineData("exchange")]
    [InlineData("venue")]
    public void Arbitrage_names_two_venues(string name) => Assert.Equal(
        [new SignalLeg("BTCUSD", Side.Buy, 2m, 100m, "A"), new SignalLeg("BTCUSD", Side.Sell, 2m, 101m, "B")],
        Signal($$"""
            {"action":"arbitrage","symbol":"BTCUSD","buy_price":100,"sell_price":101,"buy_{{name}}":"A","sell_{{name}}":"B","volume":2}
            """, 1).Legs);

    [Theory]
    [InlineData("""{"action":"arbitrage","symbol":"BTCUSD"}""", Side.Buy, 0.01, null)]
    [InlineData("""{"action":"arbitrage","symbol":"BTCUSD","side":"sell","quantity":2,"entry_price":"9"}""", Side.Sell, 2.0, 9)]
    [InlineData("""{"message_type":"hft_arbitrage","symbol":"BTCUSD","price":9}""", Side.Buy, 0.01, 9)]
    public void Arbitrage_in_the_short_form_is_one_leg(string json, Side side, double quantity, int? price) =>
        Assert.Equal(new SignalLeg("BTCUSD", side, (decimal)quantity, price, null), Assert.Single(Signal(json, 1).Legs));

    [Theory]
    [InlineData("\"bid\":99,\"ask\":101")]
    [InlineData("\"bid_price\":99,\"ask_price\":\"101\"")]
    [InlineData("\"entry_price\":100,\"spread_bps\":200")]
    [InlineData("\"bid\":99,\"entry_price\":100,\"spread_bps\":200")]
    public void Quote_is_a_bid_and_an_ask(string prices)
    {
        var signal = Signal($$"""{"action":"market_making","symbol":"BTCUSD","quantity":2,{{prices}}}""", 1);

        Assert.Equal(
            [new SignalLeg("BTCUSD", Side.Buy, 2m, 99m, null), new SignalLeg("BTCUSD", Side.Sell, 2m, 101m, null)], signal.Legs);
        Assert.Equal(StrategyKind.MarketMaking, signal.Kind);
    }

    public static TheoryData<int, string> BrokenSignals()
    {
        var data = new TheoryData<int, string>();
        foreach (var text in new[]
        {
            "", " ", "null", "true", "5", "\"text\"", "[]", "[{}]", "{", "}", "{}", "{\"action\"", "{\"action\":", "not json",
            "{\"action\":\"buy\",\"symbol\":\"EURUSD\"", "{\"action\":\"buy\",\"symbol\":\"EURUSD\",}",
            "{\"action\":\"buy\",\"symbol\":\"EURUSD\"} {}", "{\"action\":\"buy\",\"symbol\":\"EURUSD\"} x",
            "/* no */{\"action\":\"buy\",\"symbol\":\"EURUSD\"}", "{'action':'buy','symbol':'EURUSD'}",
            "\ufeff{\"action\":\"buy\",\"symbol\":\"EURUSD\"}", "{\"action\":\"buy\",\"action\":\"sell\",\"symbol\":\"EURUSD\"}",
            "{\"symbol\":\"EURUSD\"}", "{\"action\":null,\"symbol\":\"EURUSD\"}", "{\"action\":\"\",\"symbol\":\"EURUSD\"}",
            "{\"action\":5,\"symbol\":\"EURUSD\"}", "{\"action\":true,\"symbol\":\"EURUSD\"}", "{\"action\":[],\"symbol\":\"EURUSD\"}",
            "{\"action\":{},\"symbol\":\"EURUSD\"}", "{\"action\":\"buy now\",\"symbol\":\"EURUSD\"}",
            "{\"action\":\"arbitrage\",\"symbol\":\"EURUSD\"}", "{\"action\":\"\\ud800\",\"symbol\":\"EURUSD\"}",
            "{\"action\":\"buy\"}", "{\"action\":\"buy\",\"symbol\":null}", "{\"action\":\"buy\",\"symbol\":\"\"}",
            "{\"action\":\"buy\",\"symbol\":\"EUR USD\"}", "{\"action\":\"buy\",\"symbol\":\"EURUSD\\n\"}",
            "{\"action\":\"buy\",\"symbol\":\"EUR{USD}\"}", "{\"action\":\"buy\",\"symbol\":\"EUR:USD\"}",
            "{\"action\":\"buy\",\"symbol\":\"\\u202eDSU\"}", "{\"action\":\"buy\",\"symbol\":\"ЕURUSD\"}",
            "{\"action\":\"buy\",\"symbol\":[\"EURUSD\"]}", "{\"action\":\"buy\",\"symbol\":\"\\ud83d\"}",
            "{\"action\":\"buy\",\"symbol\":\"" + new string('A', 33) + "\"}",
            "{\"action\":\"buy\",\"symbol\":\"" + new string('A', 70_000) + "\"}",
            "{\"action\":\"buy\",\"symbol\":\"EURUSD\",\"deep\":" + new string('[', 16) + new string(']', 16) + "}",
            "{\"action\":\"buy\",\"symbol\":\"EURUSD\",\"deep\":" + new string('[', 9_000) + "}",
            Buy + ",\"quantity\":2}", Buy + ",\"price\":NaN}", Buy + ",\"price\":Infinity}", Buy + ",\"price\":01}",
            Buy + ",\"price\":+1}", Buy + ",\"price\":1.}", Buy + ",\"price\":0x10}", Buy + ",\"stop_loss\":\"1,05\"}",
            Buy + ",\"stop_loss\":\"1_05\"}", Buy + ",\"stop_loss\":\"$1\"}", Buy + ",\"confidence\":1.01}",
            Buy + ",\"confidence\":-0.01}", Buy + ",\"timestamp\":1772452800123}", Buy + ",\"timestamp\":\"2026-03-02T12:00:00Z\"}",
            Buy + ",\"timestamp\":0}", Buy + ",\"timestamp\":-5}", Buy + ",\"strategy\":\"\"}", Buy + ",\"strategy\":{}}",
            Buy + ",\"strategy\":\"a\\u0000b\"}", Buy + ",\"account\":\"a\\nb\"}", Buy + ",\"account\":\"\"}",
            Buy + ",\"signal_id\":\"" + new string('x', 129) + "\"}", Buy + ",\"signal_id\":{}}", Buy + ",\"position_id\":[]}",
        })
        {
            data.Add(2, text);
        }

        foreach (var text in new[]
        {
            "{\"action\":\"buy\",\"symbol\":\"BTCUSD\"}", "{\"action\":\"arbitrage\"}", "{\"message_type\":\"hft_\",\"symbol\":\"BTCUSD\"}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"side\":\"both\"}",
            "{\"action\":\"arbitrage\",\"legs\":[{\"side\":\"buy\"}]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\"},5]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\"},null]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":{\"side\":\"buy\"}}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":\"two\"}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\"},{\"side\":\"sell\",\"quantity\":0}]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\"},{\"side\":\"sell\",\"price\":\"NaN\"}]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\"},{\"side\":\"sell\",\"symbol\":\"A B\"}]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"legs\":[{\"side\":\"buy\",\"venue\":\"\"}]}",
            "{\"action\":\"arbitrage\",\"symbol\":\"BTCUSD\",\"buy_price\":0,\"sell_price\":5}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\"}", "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"bid\":5}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"bid\":5,\"ask\":5}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"bid\":6,\"ask\":5}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"entry_price\":5,\"spread_bps\":0}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"entry_price\":5,\"spread_bps\":20000}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"entry_price\":5,\"spread_bps\":50000}",
            "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"entry_price\":1e27,\"spread_bps\":1e27}",
        })
        {
            data.Add(1, text);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BrokenSignals))]
    public void Broken_signal_is_an_error_and_no_signal(int tier, string text)
    {
        Assert.Null(Read(text, tier, out var error));
        Assert.NotNull(error);
        Assert.True(error.Reason is RejectReason.Malformed or RejectReason.InvalidField or RejectReason.UnknownAction);
        Assert.InRange(error.Detail.Length, 1, 300);
    }

    public static TheoryData<string, string> BadNumbers()
    {
        string[] fields = ["quantity", "volume", "entry_price", "price", "stop_loss", "take_profit", "confidence", "timestamp"];
        string[] values =
        [
            "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "0", "-1", "\"-0.0\"", "1e400", "\"1e400\"", "1e28", "\"\"", "true",
            "[1]", "{}", "\"abc\"", "1e-400",
        ];
        var data = new TheoryData<string, string>();
        foreach (var field in fields)
        {
            foreach (var value in values)
            {
                // A confidence of nothing is one.
                if (field != "confidence" || value is not ("0" or "\"-0.0\"" or "1e-400"))
                {
                    data.Add(field, value);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BadNumbers))]
    public void Bad_number_is_an_error_in_every_field(string field, string value)
    {
        Assert.Null(Read($$"""{"action":"buy","symbol":"EURUSD","{{field}}":{{value}}}""", 2, out var error));
        Assert.Equal(RejectReason.InvalidField, error!.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bytes_that_are_not_text_are_an_error(int tier)
    {
        byte[] start = Encoding.UTF8.GetBytes("""{"action":"hold","symbol":"EURUSD","note":" """);
        byte[][] broken =
        [
            [.. start, 0xFF, (byte)'"', (byte)'}'], [.. start, 0xC0, 0x80, (byte)'"', (byte)'}'],
            [.. start, 0xED, 0xA0, 0x80, (byte)'"', (byte)'}'], [0x1F, 0x8B, 8, 0, 0, 0], [0], [0xFF, 0xFE, (byte)'{', 0],
        ];
        foreach (var bytes in broken)
        {
            Assert.Null(SignalReader.Read(bytes, tier, "e1", Given.Now, out var error));
            Assert.Equal(RejectReason.Malformed, error!.Reason);
        }
    }

    [Fact]
    public void Any_damage_to_a_message_gives_a_result_or_an_error_and_never_throws()
    {
        string[] messages =
        [
            """{"signal_id":"x1","action":"buy","symbol":"EURUSD","entry_price":1.1,"stop_loss":"1.05","confidence":0.9,"timestamp":1772452800.5}""",
            """{"action":"arbitrage","symbol":"BTCUSD","legs":[{"side":"buy","price":100},{"side":"sell","price":101}]}""",
            """{"action":"market_making","symbol":"BTCUSD","entry_price":100,"spread_bps":12}""",
            """{"position_id":"P","updates":{"status":"filled","last_quantity":1,"last_price":2,"cumulative_quantity":3}}""",
            """{"data":{"symbol":"EURUSD","open":1,"high":2,"low":1,"close":2,"interval":60,"volume":1e9}}""",
            """{"action":"start","target":"trading"}""",
        ];
        Gen.Select(Gen.Int[0, messages.Length - 1], Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 6], Gen.Int[0, 3])
            .Sample((index, damage, cut) =>
            {
                var bytes = Encoding.UTF8.GetBytes(messages[index]);
                foreach (var (at, value) in damage)
                {
                    bytes[at % bytes.Length] = value < 128 ? (byte)"0123456789eE+-.\"{}[],:\\unl x"[value % 28] : value;
                }

                bytes = cut == 0 ? bytes[..(bytes.Length / 2)] : bytes;
                Assert.Equal(SignalReader.Read(bytes, 1, "e", Given.Now, out var error) is null, error is not null);
                Assert.Equal(SignalReader.Read(bytes, 2, "e", Given.Now, out error) is null, error is not null);
                Assert.Equal(ReportReader.Read(bytes, Given.Now, out error) is null, error is not null);
                Assert.Equal(MarketReader.Read(bytes, Given.Now, out error) is null, error is not null);
                Assert.Equal(CommandReader.Read(bytes, out error) is null, error is not null);
                Assert.Equal(TacticalReader.Read(bytes, Given.Now, out error) is null, error is not null);
                Assert.Equal(AlertReader.Read(bytes, Given.Now, out error) is null, error is not null);
            }, iter: 8_000);
    }

    [Theory]
    [InlineData("""{"position_id":"P1","updates":{"order_id":"O1","fill_id":"F1","last_quantity":0.5,"last_price":"1.1","cumulative_quantity":0.5,"commission":0.2,"status":"partially_filled"}}""")]
    [InlineData("""{"position_id":"P1","order_id":"O1","fill_id":"F1","filled_quantity":"0.5","fill_price":1.1,"cumulative_quantity":0.5,"commission":0.2,"status":"PARTIAL"}""")]
    public void Report_is_read_nested_and_flat(string json) => Assert.Equal(
        new ExecutionReport
        {
            PositionId = "P1", OrderId = "O1", Status = OrderStatus.PartiallyFilled, FillId = "F1", LastQuantity = 0.5m,
            LastPrice = 1.1m, CumulativeQuantity = 0.5m, Commission = 0.2m, Time = Given.Now,
        },
        ReportReader.Read(Encoding.UTF8.GetBytes(json), Given.Now, out _));

    [Theory]
    [InlineData("accepted", OrderStatus.Accepted)]
    [InlineData("new", OrderStatus.Accepted)]
    [InlineData("filled", OrderStatus.Filled)]
    [InlineData("open", OrderStatus.Filled)]
    [InlineData("closed", OrderStatus.Filled)]
    [InlineData("cancelled", OrderStatus.Cancelled)]
    [InlineData("canceled", OrderStatus.Cancelled)]
    [InlineData("cancel_rejected", OrderStatus.CancelRejected)]
    [InlineData("rejected", OrderStatus.Rejected)]
    [InlineData("expired", OrderStatus.Expired)]
    [InlineData("unknown", OrderStatus.Unknown)]
    public void Report_in_the_short_form_has_a_status(string status, OrderStatus expected)
    {
        var report = ReportReader.Read(
            Encoding.UTF8.GetBytes($$$"""{"position_id":"P1","updates":{"status":"{{{status}}}"}}"""), Given.Now, out _);

        Assert.Equal((expected, null, 0m, null), (report!.Status, report.OrderId, report.LastQuantity, report.CumulativeQuantity));
    }

    [Theory]
    [InlineData("""{"updates":{"status":"filled"}}""")]
    [InlineData("""{"position_id":"P1","updates":{}}""")]
    [InlineData("""{"position_id":"P1","status":"done"}""")]
    [InlineData("""{"position_id":"P1","status":"filled","last_quantity":-1}""")]
    [InlineData("""{"position_id":"P1","status":"filled","last_quantity":1e28}""")]
    [InlineData("""{"position_id":"P1","status":"filled","last_price":-1}""")]
    [InlineData("""{"position_id":"P1","status":"filled","last_price":1e28}""")]
    [InlineData("""{"position_id":"P1","status":"filled","cumulative_quantity":-1}""")]
    [InlineData("""{"position_id":"P1","status":"filled","cumulative_quantity":1e28}""")]
    [InlineData("""{"position_id":"P1","status":"filled","commission":"NaN"}""")]
    [InlineData("""{"position_id":"P1","status":"filled","commission":1e28}""")]
    [InlineData("""{"position_id":"P1","status":"filled","timestamp":1772452800123}""")]
    [InlineData("""{"position_id":"P1","updates":5}""")]
    public void Broken_report_is_an_error(string json)
    {
        Assert.Null(ReportReader.Read(Encoding.UTF8.GetBytes(json), Given.Now, out var error));
        Assert.Equal(RejectReason.InvalidField, error!.Reason);
    }

    [Fact]
    public void Quote_and_bar_are_read_bare_and_wrapped()
    {
        var quote = Market("""{"symbol":"EURUSD","category":"forex","bid":1.1,"ask":"1.2","timestamp":1772452800,"source":"x"}""");
        Assert.Equal(new MarketUpdate("EURUSD", AssetClass.Forex, Given.Now, 1.1m, 1.2m, null, "x"), quote);
        Assert.Equal(quote, Market("""
            {"type":"market_data_update","data":{"symbol":"EURUSD","category":"FOREX","bid":1.1,"ask":1.2,"timestamp":1772452800,"source":"x"}}
            """));

        Assert.Equal(
            new MarketUpdate("BTCUSD", AssetClass.Crypto, Given.Now, 3m, 3m,
                new Bar(2m, 4m, 1m, 3m, 5m, TimeSpan.FromMinutes(5)), "", true),
            Market("""{"symbol":"BTCUSD","category":"crypto","open":2,"high":4,"low":1,"close":3,"volume":5,"interval":300,"timestamp":1772452800,"history":true}"""));
    }

    [Theory]
    [InlineData("""{"bid":1,"ask":2}""")]
    [InlineData("""{"symbol":"A B","bid":1,"ask":2}""")]
    [InlineData("""{"symbol":"EURUSD","bid":1}""")]
    [InlineData("""{"symbol":"EURUSD","bid":2,"ask":1}""")]
    [InlineData("""{"symbol":"EURUSD","bid":0,"ask":1}""")]
    [InlineData("""{"symbol":"EURUSD","bid":1,"ask":1e28}""")]
    [InlineData("""{"symbol":"EURUSD","close":3,"high":2}""")]
    [InlineData("""{"symbol":"EURUSD","close":3,"low":4}""")]
    [InlineData("""{"symbol":"EURUSD","close":3,"interval":0}""")]
    [InlineData("""{"symbol":"EURUSD","close":3,"interval":1e20}""")]
    [InlineData("""{"symbol":"EURUSD","close":3,"volume":-1}""")]
    [InlineData("""{"symbol":"EURUSD","bid":1,"ask":2,"timestamp":1772452800123}""")]
    public void Broken_price_is_an_error(string json)
    {
        Assert.Null(MarketReader.Read(Encoding.UTF8.GetBytes(json), Given.Now, out var error));
        Assert.Equal(RejectReason.InvalidField, error!.Reason);
    }

    [Theory]
    [InlineData("""{"action":"START","target":"trading"}""", "start", null, false)]
    [InlineData("""{"command":"pause"}""", "pause", null, false)]
    [InlineData("""{"action":"close","position_id":"P1","timestamp":1}""", "close", "P1", false)]
    [InlineData("""{"action":"close","all":true}""", "close", null, true)]
    public void Command_is_read(string json, string action, string? position, bool isForAll) =>
        Assert.Equal(new WireCommand(action, position, isForAll), CommandReader.Read(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"1\"", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    [InlineData("\"0\"", false)]
    [InlineData("0", false)]
    [InlineData("null", false)]
    public void Flag_is_read_as_a_stream_carries_it_too(string value, bool isSet)
    {
        Assert.Equal(isSet, CommandReader.Read(Encoding.UTF8.GetBytes($$"""{"action":"kill","flatten":{{value}}}"""), out _)!.IsFlattening);
        Assert.Equal(isSet, Market($$"""{"symbol":"EURUSD","bid":1,"ask":2,"history":{{value}}}""")!.IsHistory);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("2")]
    [InlineData("1.5")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Flag_that_is_neither_is_an_error(string value)
    {
        Assert.Null(CommandReader.Read(Encoding.UTF8.GetBytes($$"""{"action":"kill","flatten":{{value}}}"""), out var error));
        Assert.Equal(RejectReason.InvalidField, error!.Reason);
        Assert.Contains("flatten", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Kill_and_halt_carry_what_they_need_said()
    {
        Assert.Equal(
            new WireCommand("kill", null, false) { Reason = "prices", IsFlattening = true },
            CommandReader.Read("{\"action\":\"kill\",\"flatten\":true,\"reason\":\"prices\"}"u8.ToArray(), out _));
        Assert.Equal(
            new WireCommand("halt", null, false) { Reason = "news", Scope = "symbol-buy/EUR/USD", Duration = TimeSpan.FromSeconds(90) },
            CommandReader.Read(
                "{\"action\":\"halt\",\"symbol\":\"EUR/USD\",\"side\":\"BUY\",\"seconds\":90,\"reason\":\"news\"}"u8.ToArray(), out _));
        Assert.Equal(
            new WireCommand("unhalt", null, false) { Scope = "tier/1" },
            CommandReader.Read("{\"action\":\"unhalt\",\"tier\":1}"u8.ToArray(), out _));
    }

    [Theory]
    [InlineData("""{"action":"halt","tier":3}""")]
    [InlineData("""{"action":"halt","symbol":"EUR USD"}""")]
    [InlineData("""{"action":"halt","strategy":"a|b"}""")]
    [InlineData("""{"action":"halt","symbol":"A","side":"long"}""")]
    [InlineData("""{"action":"halt","symbol":"A","seconds":0}""")]
    [InlineData("{}")]
    [InlineData("""{"action":"start","target":"risk"}""")]
    [InlineData("""{"action":{}}""")]
    [InlineData("stop")]
    public void Broken_command_is_an_error(string json)
    {
        Assert.Null(CommandReader.Read(Encoding.UTF8.GetBytes(json), out var error));
        Assert.NotNull(error);
    }

    [Theory]
    [InlineData("""{"action":"market_anomaly","anomaly_type":"spike","severity":"high"}""", true)]
    [InlineData("""{"action":"regime_change","new_regime":"calm","confidence":"0.8"}""", true)]
    [InlineData("""{"action":"market_anomaly"}""", false)]
    [InlineData("""{"action":"regime_change","new_regime":"calm"}""", false)]
    [InlineData("""{"action":"buy"}""", false)]
    public void Tactical_signal_is_read(string json, bool isTaken) =>
        Assert.Equal(isTaken, TacticalReader.Read(Encoding.UTF8.GetBytes(json), Given.Now, out _) is not null);

    [Fact]
    public void Tactical_signal_is_read_in_full()
    {
        Assert.Equal(
            new TacticalSignal(TacticalKind.MarketAnomaly, "spike", "3", 0.5m, Given.Now.AddSeconds(1)),
            TacticalReader.Read(
                """{"message_type":"MARKET_ANOMALY","anomaly_type":"spike","severity":3,"confidence":"0.5","timestamp":1772452801}"""u8.ToArray(),
                Given.Now, out _));
        Assert.Equal(
            new TacticalSignal(TacticalKind.RegimeChange, "calm", null, 1m, Given.Now),
            TacticalReader.Read("""{"action":"regime_change","new_regime":"calm","confidence":1}"""u8.ToArray(), Given.Now, out _));
    }

    [Fact]
    public void Warning_and_imbalance_are_read_in_full()
    {
        Assert.Equal(
            new MarketAlert(AlertKind.Anomaly, "spike", "high", "look out", 0.7m, Given.Now.AddSeconds(1)),
            AlertReader.Read(
                """{"type":"MARKET_ANOMALY_ALERT","warning":{"type":"spike","severity":"high","message":"look\u001bout","probability":"0.7","timestamp":1772452801,"details":{"a":[1]}}}"""u8
                    .ToArray(), Given.Now, out _) is { } alert ? alert with { Message = alert.Message.Replace('\uFFFD', ' ') } : null);
        Assert.Equal(
            new MarketAlert(AlertKind.Imbalance, "book", "low", "", -3.5m, Given.Now),
            AlertReader.Read(
                """{"type":"immediate_imbalance_alert","imbalance":{"type":"book","severity":"low","value":-3.5}}"""u8.ToArray(),
                Given.Now, out _));
    }

    [Theory]
    [InlineData("strategy", "Mean Reversion (20/50)", true)]
    [InlineData("strategy", "ütrend", true)]
    [InlineData("strategy", "a|b", false)]
    [InlineData("strategy", " a", false)]
    [InlineData("strategy", "a\\u202eb", false)]
    [InlineData("account", "acc-1.EU_2@x#+:3", true)]
    [InlineData("account", "a/b", false)]
    [InlineData("account", "a b", false)]
    [InlineData("account", "ü", false)]
    [InlineData("signal_id", "2026-01-14 12:00:00/BTC|USD", false)]
    [InlineData("signal_id", "2026-01-14 12:00:00/BTCUSD {1}", true)]
    public void Names_are_visible_and_accounts_are_plain(string field, string value, bool isTaken) => Assert.Equal(
        isTaken, Read($$"""{"action":"buy","symbol":"EURUSD","{{field}}":"{{value}}"}""", 2, out _) is not null);

    [Fact]
    public void Signal_has_at_most_sixteen_legs()
    {
        static string Legs(int count) => $$"""{"action":"arbitrage","symbol":"BTCUSD","legs":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""";

        Assert.Equal(16, Signal(Legs(16), 1).Legs.Length);
        Assert.Null(Read(Legs(17), 1, out _));
    }

    [Theory]
    [InlineData("1772452790000-0", 1, 0)]
    [InlineData("1772452790000-0", 2, -10)]
    [InlineData("1772452810000-0", 2, 0)]
    [InlineData("e17", 3, 0)]
    [InlineData("x-0", 3, 0)]
    [InlineData("", 3, 0)]
    public void Intake_is_the_time_of_the_entry_when_it_is_delivered_again(string entry, int deliveries, int seconds) =>
        Assert.Equal(Given.Now.AddSeconds(seconds), IntakeTime.Of(entry, deliveries, Given.Now));

    private static MarketUpdate? Market(string json) => MarketReader.Read(Encoding.UTF8.GetBytes(json), Given.Now, out _);

    private static Signal Signal(string json, int tier = 2)
    {
        var signal = Read(json, tier, out var error);
        Assert.True(signal is not null, string.Create(CultureInfo.InvariantCulture, $"{error}"));
        return signal;
    }

    private static Signal? Read(string json, int tier, out WireError? error) =>
        SignalReader.Read(Encoding.UTF8.GetBytes(json), tier, "e1", Given.Now, out error);
}

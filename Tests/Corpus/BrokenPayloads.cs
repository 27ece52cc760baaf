using System.IO.Compression;
using System.Text;

namespace TradingEngine.Tests.Corpus;

/// <summary>A message that nobody can follow.</summary>
/// <param name="Kind">What is wrong with it; unique within a queue.</param>
/// <param name="Bytes">The message.</param>
public sealed record BrokenPayload(string Kind, byte[] Bytes)
{
    public override string ToString() => Kind;
}

/// <summary>
/// Broken messages by the agents' queue, made from a good one: broken as bytes, as JSON, and in each field that the queue
/// reads. Every queue has more than a hundred kinds.
/// </summary>
public static class BrokenPayloads
{
    /// <summary>The agents' queues by the key they are sent to.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "hft_signals", "strategy_signals", "fast_signals", "tactical_signals", "position_updates", "trading_commands",
        "strategy_engine:market_data", "market_warnings", "immediate_alerts",
        "reconcile_requests:replies", "market_analysis_requests:replies", "optimization_requests:replies",
    ];

    private static readonly string[] s_reported = ["last_quantity", "last_price", "cumulative_quantity"];
    private static readonly char[] s_ends = [',', '}'];

    private static readonly string[] BadNumbers =
    [
        "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e400\"", "1e400", "1e29", "-1", "\"-0.5\"", "true", "[1]", "{}", "\"\"",
        "\"abc\"", "\"0x10\"", "\"1,5\"", "\"1_000\"", "\"１\"", "\"1 2\"", "\"$1\"", "99999999999999999999999999999999",
    ];

    private static readonly string[] BadPrices = [.. BadNumbers, "0", "\"0.0\"", "-0.0", "1e-400", "1e20"];

    private static readonly string[] BadTimes =
        ["1760000000000", "\"2026-01-14T12:00:00Z\"", "0", "-1", "1e30", "\"now\"", "[]", "true", "\"NaN\""];

    private static readonly string[] BadNames =
    [
        "\"\"", "\" \"", "{}", "[]", "true", "\"a\\u0000b\"", "\"a\\nb\"", "\"a|b\"", "\"\\u202eabc\"", "\"\\u200b\"", "\"\\ud800\"",
        "\"" + new string('n', 200) + "\"",
    ];

    private static readonly string[] BadSymbols =
    [
        "\"\"", "\"BTC USD\"", "\"BTC{USD}\"", "\"BTC\\nUSD\"", "\"BTC:USD\"", "\"BTC|USD\"", "\"BTCUSD\\u0000\"", "\"\\u202eDSUCTB\"",
        "\"ВТСUSD\"", "\"BTC'; DROP TABLE record;--\"", "\"..\\\\..\\\\etc\"", "\"BTC*USD\"", "\"BTC?\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
        "\"" + new string('B', 33) + "\"", "\"" + new string('A', 63) + "\\ud83d\\ude00tail\"", "[\"BTCUSD\"]", "{}", "true", "\"BTC\\tUSD\"",
    ];

    /// <summary>A message that the queue takes.</summary>
    public static string Good(string key) => key switch
    {
        "hft_signals" => """{"signal_id":"g","action":"arbitrage","symbol":"BTCUSD","side":"buy","quantity":0.01,"price":50000}""",
        "strategy_signals" or "fast_signals" =>
            """{"signal_id":"g","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"take_profit":52000,"quantity":0.01,"strategy":"trend","confidence":0.8}""",
        "tactical_signals" => """{"action":"market_anomaly","anomaly_type":"spike","severity":"high","confidence":0.8}""",
        "position_updates" => """{"position_id":"P1","updates":{"order_id":"O1","fill_id":"F1","last_quantity":0.01,"last_price":50000,"status":"filled"}}""",
        "trading_commands" => """{"action":"resume","target":"trading","timestamp":1760000000}""",
        "strategy_engine:market_data" => """{"type":"market_data_update","data":{"symbol":"BTCUSD","category":"crypto","bid":49999,"ask":50001}}""",
        "market_warnings" => """{"type":"MARKET_ANOMALY_ALERT","warning":{"type":"spike","severity":"high","message":"m","probability":0.7}}""",
        "immediate_alerts" => """{"type":"IMMEDIATE_IMBALANCE_ALERT","imbalance":{"type":"order_book","severity":"high","value":3.5}}""",
        "reconcile_requests:replies" =>
            """{"request_id":"r","fills":[{"order_id":"O1","position_id":"P1","fill_id":"F1","last_quantity":0.01,"last_price":50000}]}""",
        "market_analysis_requests:replies" or "optimization_requests:replies" =>
            """{"request_id":"r","agent":"a","regime":"volatile","severity":"low","confidence":0.9,"weights":{"momentum":1.5}}""",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Not a queue of the wire."),
    };

    /// <summary>All that is broken for a queue.</summary>
    public static IReadOnlyList<BrokenPayload> For(string key)
    {
        var good = Good(key);
        return [.. AsBytes(good), .. AsJson(good), .. InFields(key)];
    }

    private static IEnumerable<BrokenPayload> AsBytes(string good)
    {
        var bytes = Encoding.UTF8.GetBytes(good);
        BrokenPayload Of(string kind, params byte[] broken) => new("bytes: " + kind, broken);
        yield return Of("empty");
        yield return Of("a NUL", 0);
        yield return Of("NULs", new byte[100]);
        yield return Of("0xFF", 0xFF);
        yield return Of("byte order mark", [0xEF, 0xBB, 0xBF, .. bytes]);
        yield return Of("UTF-16 with mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(good)]);
        yield return Of("UTF-16", Encoding.Unicode.GetBytes(good));
        yield return Of("UTF-16 big endian", Encoding.BigEndianUnicode.GetBytes(good));
        yield return Of("UTF-32", Encoding.UTF32.GetBytes(good));
        yield return Of("gzip", Pack(bytes, stream => new GZipStream(stream, CompressionLevel.Fastest)));
        yield return Of("zlib", Pack(bytes, stream => new ZLibStream(stream, CompressionLevel.Fastest)));
        yield return Of("deflate", Pack(bytes, stream => new DeflateStream(stream, CompressionLevel.Fastest)));
        yield return Of("brotli", Pack(bytes, stream => new BrotliStream(stream, CompressionLevel.Fastest)));
        yield return Of("base 64", Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)));
        yield return Of("overlong UTF-8", WithText(good, 0xC0, 0xAF));
        yield return Of("surrogate in UTF-8", WithText(good, 0xED, 0xA0, 0x80));
        yield return Of("beyond Unicode", WithText(good, 0xF5, 0x80, 0x80, 0x80));
        yield return Of("cut UTF-8", WithText(good, 0xE2, 0x82));
        yield return Of("lone continuation", WithText(good, 0x80));
        yield return Of("Latin-1", WithText(good, 0xFC));
        yield return Of("NUL in text", WithText(good, 0));
        yield return Of("escape sequence in text", WithText(good, 0x1B, (byte)'[', (byte)'2', (byte)'J'));
        yield return Of("NUL behind", [.. bytes, 0]);
        yield return Of("pickle", [0x80, 0x04, 0x95, 0x0B, 0, 0, 0, 0, 0, 0, 0, 0x7D, 0x94, 0x2E]);
        yield return Of("MessagePack", [0x81, 0xA6, .. "action"u8, 0xA3, .. "buy"u8]);
        yield return Of("BSON", [0x16, 0, 0, 0, 2, .. "a"u8, 0, 4, 0, 0, 0, .. "buy"u8, 0, 0]);
        yield return Of("protocol buffer", [0x0A, 0x03, .. "buy"u8, 0x10, 0x01]);
        yield return Of("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        yield return Of("every byte", [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        int[] cuts = [1, bytes.Length / 4, bytes.Length / 2, bytes.Length - 2, bytes.Length - 1];
        foreach (var cut in cuts)
        {
            yield return Of($"cut after {cut}", bytes[..cut]);
        }

        yield return Of("without its first byte", bytes[1..]);
    }

    private static IEnumerable<BrokenPayload> AsJson(string good)
    {
        BrokenPayload Of(string kind, string broken) => new("json: " + kind, Encoding.UTF8.GetBytes(broken));
        var open = good[..^1];
        foreach (var text in new[]
        {
            " ", "\n", "null", "true", "false", "5", "-0", "\"text\"", "[]", "{", "}", "{}", "[", "]", ",", ":", "{\"action\"", "{\"action\":",
            "undefined", "None", "NaN", "buy BTCUSD", "action=buy&symbol=BTCUSD", "action: buy\nsymbol: BTCUSD", "<signal action=\"buy\"/>",
            "<!DOCTYPE html><html></html>", "buy,BTCUSD,0.01", "*1\r\n$4\r\nPING\r\n", "GET / HTTP/1.1\r\n\r\n", "'; DROP TABLE record;--",
            "${jndi:ldap://localhost/a}", "{{7*7}}", "{\"__proto__\":{\"action\":\"buy\"}}", "{\"$type\":\"System.Object\"}",
        })
        {
            yield return Of($"{text.ReplaceLineEndings("\\n")} ({text.Length})", text);
        }

        yield return Of("in an array", $"[{good}]");
        yield return Of("in a string", System.Text.Json.JsonSerializer.Serialize(good));
        yield return Of("in an object", $"{{\"payload\":{good}}}");
        yield return Of("twice", good + good);
        yield return Of("two lines", $"{good}\n{good}");
        yield return Of("words behind", good + " x");
        yield return Of("trailing comma", open + ",}");
        yield return Of("two commas", open + ",,\"x\":1}");
        yield return Of("line comment", "// no\n" + good);
        yield return Of("block comment", good + "/* no */");
        yield return Of("single quotes", good.Replace('"', '\''));
        yield return Of("no quotes", good.Replace("\"", "", StringComparison.Ordinal));
        yield return Of("typographic quotes", good.Replace('"', '”'));
        yield return Of("no colon", good.Replace(':', ' '));
        yield return Of("equals signs", good.Replace(':', '='));
        yield return Of("no-break space", "\u00A0" + good);
        yield return Of("wrong closing", open + "]");
        yield return Of("one closing too many", good + "}");
        yield return Of("property twice", open + ",\"x\":1,\"x\":2}");
        yield return Of("first property again", "{" + FirstPropertyOf(good) + "," + good[1..]);
        yield return Of("property twice by escape", open + ",\"x\":1,\"\\u0078\":2}");
        yield return Of("nested property twice", open + ",\"x\":{\"y\":1,\"y\":2}}");
        yield return Of("line break in text", open + ",\"x\":\"a\nb\"}");
        yield return Of("tab in text", open + ",\"x\":\"a\tb\"}");
        foreach (var literal in new[]
        {
            "NaN", "Infinity", "-Infinity", "0x10", "01", "+1", "1.", ".5", "1e", "1e+", "--1", "1_000", "1,5", "0b1", "0o7", "True", "None",
            "undefined", "-", "1 2", "\"\\x41\"", "\"\\u12\"", "\"\\\"", "\"", "'a'", "tru",
        })
        {
            yield return Of("literal " + literal, open + ",\"x\":" + literal + "}");
        }

        yield return Of("arrays 17 deep", open + ",\"x\":" + new string('[', 17) + new string(']', 17) + "}");
        yield return Of("objects 17 deep", open + ",\"x\":" + string.Concat(Enumerable.Repeat("{\"y\":", 17)) + "1" + new string('}', 17) + "}");
        yield return Of("arrays 20,000 deep", open + ",\"x\":" + new string('[', 20_000));
        yield return Of("objects 10,000 deep", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)));
        yield return Of("text over 64 KiB", open + ",\"x\":\"" + new string('a', 70_000) + "\"}");
        yield return Of("name over 64 KiB", open + ",\"" + new string('a', 70_000) + "\":1}");
        yield return Of("number over 64 KiB", open + ",\"x\":" + new string('9', 70_000) + "}");
        yield return Of("20,000 properties", open + string.Concat(Enumerable.Range(0, 20_000).Select(i => $",\"p{i}\":0")) + "}");
        yield return Of("10 MB of text", open + ",\"x\":\"" + new string('a', 10_000_000) + "\"}");
        yield return Of("10 MB of spaces", good + new string(' ', 10_000_000));
    }

    private static IEnumerable<BrokenPayload> InFields(string key) => key switch
    {
        "hft_signals" =>
        [
            .. In(key, "action", ["\"buy\"", "\"arbitrag\"", "\"\"", "null", "5", "[]", "{}", "\"hft_\"", "\"\\ud800\""]),
            .. In(key, "symbol", BadSymbols), .. In(key, "quantity", BadPrices), .. In(key, "price", BadPrices),
            .. In(key, "side", ["\"both\"", "\"\"", "5", "[]"]), .. In(key, "timestamp", BadTimes), .. In(key, "strategy", BadNames),
            .. In(key, "legs",
            [
                "{}", "5", "\"two\"", "[5]", "[null]", "[[]]", "[{\"quantity\":0}]", "[{\"price\":\"NaN\"}]", "[{\"side\":\"up\"}]",
                "[{\"symbol\":\"A B\"}]", "[{\"venue\":\"\"}]", "[" + string.Join(',', Enumerable.Repeat("{}", 17)) + "]",
            ]),
            .. Whole(
                "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"bid\":5,\"ask\":5}",
                "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"bid\":6,\"ask\":5}",
                "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\"}",
                "{\"action\":\"market_making\",\"symbol\":\"BTCUSD\",\"entry_price\":5,\"spread_bps\":50000}"),
        ],
        "strategy_signals" or "fast_signals" =>
        [
            .. In(key, "action", ["\"arbitrage\"", "\"buy now\"", "\"\"", "null", "5", "true", "[]", "{}", "\"b\\u0000uy\"", "\"\\ud800\""]),
            .. In(key, "symbol", [.. BadSymbols, "null"]), .. In(key, "quantity", BadPrices), .. In(key, "entry_price", BadPrices),
            .. In(key, "stop_loss", BadPrices), .. In(key, "take_profit", BadPrices), .. In(key, "confidence", [.. BadNumbers, "1.01"]),
            .. In(key, "timestamp", BadTimes), .. In(key, "strategy", BadNames), .. In(key, "signal_id", BadNames),
            .. In(key, "account", [.. BadNames, "\"a/b\"", "\"a b\""]), .. In(key, "position_id", BadNames),
        ],
        "tactical_signals" =>
        [
            .. In(key, "action", ["\"buy\"", "\"\"", "null", "5", "[]", "{}"]), .. In(key, "severity", [.. BadNames, "null"]),
            .. In(key, "anomaly_type", BadNames), .. In(key, "confidence", [.. BadNumbers, "1.5"]), .. In(key, "timestamp", BadTimes),
            .. Whole("{\"action\":\"regime_change\"}", "{\"action\":\"regime_change\",\"new_regime\":\"calm\"}"),
        ],
        "position_updates" =>
        [
            .. In(key, "position_id", [.. BadNames, "null"]),
            .. In(key, "updates", ["5", "\"filled\"", "[]", "true", "{}", "{\"status\":\"done\"}", "{\"status\":\"\"}", "{\"status\":{}}"]),
            .. BadNumbers.SelectMany(value => s_reported.Select(field =>
                new BrokenPayload($"{field}: {value}", Encoding.UTF8.GetBytes(
                    $$"""{"position_id":"P1","status":"filled","{{field}}":{{value}}}""")))),
            .. BadTimes.Select(value => new BrokenPayload($"timestamp: {value}", Encoding.UTF8.GetBytes(
                $$"""{"position_id":"P1","status":"filled","timestamp":{{value}}}"""))),
        ],
        "trading_commands" =>
        [
            .. In(key, "action", ["null", .. BadNames]), .. In(key, "target", ["\"risk\"", "\"\"", "{}", "[]", "true"]),
            .. In(key, "position_id", BadNames), .. In(key, "symbol", BadSymbols.Where(value => value != "null")),
            .. In(key, "strategy", BadNames), .. In(key, "side", ["\"long\"", "\"\"", "{}", "5"]),
            .. In(key, "tier", [.. BadNumbers, "0", "3", "1.5"]), .. In(key, "seconds", [.. BadNumbers, "0", "1e9"]),
        ],
        "strategy_engine:market_data" =>
        [
            .. In(key, "data", ["5", "\"x\"", "[]", "true", "{}"]),
            .. InPart(key, "symbol", BadSymbols), .. InPart(key, "bid", [.. BadPrices, "60000"]), .. InPart(key, "ask", [.. BadPrices, "1"]),
            .. InPart(key, "timestamp", BadTimes), .. InPart(key, "close", BadPrices.Where(value => value != "null")),
            .. Whole(
                "{\"symbol\":\"BTCUSD\",\"close\":5,\"high\":4}", "{\"symbol\":\"BTCUSD\",\"close\":5,\"low\":6}",
                "{\"symbol\":\"BTCUSD\",\"close\":5,\"interval\":0}", "{\"symbol\":\"BTCUSD\",\"close\":5,\"interval\":1e20}",
                "{\"symbol\":\"BTCUSD\",\"close\":5,\"volume\":-1}"),
        ],
        "market_warnings" =>
        [
            .. In(key, "type", ["\"MARKET\"", "\"\"", "null", "5", "[]", "{}"]), .. In(key, "warning", ["null", "5", "\"x\"", "[]", "{}"]),
            .. InPart(key, "type", [.. BadNames, "null"]), .. InPart(key, "severity", [.. BadNames, "null"]),
            .. InPart(key, "probability", [.. BadNumbers, "1.5"]), .. InPart(key, "timestamp", BadTimes),
        ],
        "immediate_alerts" =>
        [
            .. In(key, "type", ["\"IMMEDIATE\"", "\"\"", "null", "5", "[]", "{}"]), .. In(key, "imbalance", ["null", "5", "\"x\"", "[]", "{}"]),
            .. InPart(key, "type", [.. BadNames, "null"]), .. InPart(key, "severity", [.. BadNames, "null"]),
            .. InPart(key, "timestamp", BadTimes),
        ],
        "reconcile_requests:replies" =>
        [
            .. In(key, "request_id", [.. BadNames, "null"]), .. In(key, "fills", ["5", "\"x\"", "{}", "true", "[5]", "[null]", "[[]]", "[{}]"]),
            .. InPart(key, "order_id", BadNames), .. InPart(key, "fill_id", [.. BadNames, "null"]),
            .. InPart(key, "last_quantity", [.. BadPrices, "null"]), .. InPart(key, "last_price", [.. BadPrices, "null"]),
            .. Whole(
                "{\"request_id\":\"r\",\"orders\":[{\"order_id\":\"O1\",\"position_id\":\"P1\",\"status\":\"lost\"}]}",
                "{\"request_id\":\"r\",\"orders\":[{\"status\":\"not_found\"}]}",
                "{\"request_id\":\"r\",\"positions\":[{\"symbol\":\"BTC USD\",\"quantity\":1}]}",
                "{\"request_id\":\"r\",\"positions\":[{\"symbol\":\"BTCUSD\",\"quantity\":\"NaN\"}]}"),
        ],
        "market_analysis_requests:replies" or "optimization_requests:replies" =>
        [
            .. In(key, "request_id", [.. BadNames, "null"]), .. In(key, "agent", BadNames), .. In(key, "regime", BadNames),
            .. In(key, "severity", BadNames), .. In(key, "confidence", [.. BadNumbers, "1.5"]),
            .. In(key, "symbols", ["5", "\"x\"", "{}", "true", "[5]", "[null]", "[[]]", "[{}]", "[{\"symbol\":\"A B\"}]"]),
            .. In(key, "weights", ["5", "\"x\"", "[]", "true"]), .. InPart(key, "momentum", [.. BadNumbers, "null", "1e20"]),
            .. Whole(
                "{\"request_id\":\"r\",\"weights\":{\"\":1}}",
                "{\"request_id\":\"r\",\"weights\":{\"\\ud800\":1}}",
                "{\"request_id\":\"r\",\"weights\":{" + string.Join(',', Enumerable.Range(0, 257).Select(i => $"\"s{i}\":1")) + "}}",
                "{\"request_id\":\"r\",\"symbols\":[" + string.Join(',', Enumerable.Range(0, 257).Select(i => $"{{\"symbol\":\"S{i}\"}}")) + "]}",
                "{\"request_id\":\"r\",\"symbols\":[{\"symbol\":\"BTCUSD\",\"volatility\":0}]}"),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Not a queue of the wire."),
    };

    /// <summary>The good message with a field replaced.</summary>
    private static IEnumerable<BrokenPayload> In(string key, string field, IEnumerable<string> values) =>
        values.Select(value => new BrokenPayload($"{field}: {Shown(value)}", Encoding.UTF8.GetBytes(Replace(Good(key), field, value))));

    /// <summary>The good message with a field of its inner object replaced.</summary>
    private static IEnumerable<BrokenPayload> InPart(string key, string field, IEnumerable<string> values)
    {
        var good = Good(key);
        var inner = good.IndexOf('{', 1);
        return values.Select(value => new BrokenPayload(
            $"inner {field}: {Shown(value)}",
            Encoding.UTF8.GetBytes(good[..inner] + Replace(good[inner..^1], field, value) + "}")));
    }

    private static IEnumerable<BrokenPayload> Whole(params string[] messages) =>
        messages.Select(message => new BrokenPayload(message, Encoding.UTF8.GetBytes(message)));

    private static string Shown(string value) => value.Length > 60 ? $"{value[..20]}… ({value.Length})" : value;

    /// <summary>Replaces a property's value, or puts the property first where there is none; values hold no commas.</summary>
    private static string Replace(string json, string field, string value)
    {
        var name = $"\"{field}\":";
        var at = json.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
        {
            return $"{{{name}{value},{json[1..]}";
        }

        var from = at + name.Length;
        var until = json[from] == '{' ? json.IndexOf('}', from) + 1 : json.IndexOfAny(s_ends, from);
        return json[..from] + value + json[until..];
    }

    private static string FirstPropertyOf(string json) => json[1..json.IndexOf(',', StringComparison.Ordinal)];

    private static byte[] WithText(string good, params byte[] text) =>
        [.. Encoding.UTF8.GetBytes(good[..^1] + ",\"x\":\""), .. text, .. "\"}"u8];

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> wrap)
    {
        using var packed = new MemoryStream();
        using (var stream = wrap(packed))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}

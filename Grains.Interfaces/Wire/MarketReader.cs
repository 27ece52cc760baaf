using System.Text.Json;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads prices: quotes and bars, bare or wrapped as on the channel.</summary>
public static class MarketReader
{
    private const decimal MaxVolume = 1_000_000_000_000_000m;

    /// <summary>Reads a price.</summary>
    public static MarketUpdate? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            return Read(message.Object("data") ?? message, now);
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    /// <summary>The symbol of a price, read in passing: nothing else of the message is looked at. Null where there is none to be seen.</summary>
    public static string? SymbolOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload.Span);
            while (reader.Read())
            {
                // Bare at depth 1, wrapped as on the channel at depth 2.
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= 2 && reader.ValueTextEquals("symbol"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Whoever reads the whole message says what is wrong with it.
        }

        return null;
    }

    private static MarketUpdate Read(WireObject data, DateTimeOffset now)
    {
        var symbol = data.Text("symbol") ?? throw new WireFieldException("symbol", "absent", "given");
        if (!SignalReader.IsSymbol(symbol))
        {
            throw new WireFieldException("symbol", symbol, "1 to 32 of A-Z a-z 0-9 . _ / # + -");
        }

        var time = data.Time("timestamp") ?? now;
        var source = data.Text("source") ?? "";
        var assetClass = AssetClassOf(data.Text("category"));
        var isHistory = data.Flag("history");
        if (data.Positive("close") is { } close)
        {
            var bar = new Bar(
                data.Positive("open") ?? close, data.Positive("high") ?? close, data.Positive("low") ?? close, close,
                Volume(data), IntervalOf(data));
            if (bar.Low > Math.Min(bar.Open, close) || bar.High < Math.Max(bar.Open, close))
            {
                throw new WireFieldException("high", $"{bar.High}", "the bar's highest price, as low its lowest");
            }

            return new MarketUpdate(
                symbol, assetClass, time, data.Positive("bid") ?? close, data.Positive("ask") ?? close, bar, source, isHistory);
        }

        var bid = data.Positive("bid") ?? throw new WireFieldException("bid", "absent", "given");
        var ask = data.Positive("ask") ?? throw new WireFieldException("ask", "absent", "given");
        return ask < bid
            ? throw new WireFieldException("ask", $"{ask}", $"at least the bid {bid}")
            : new MarketUpdate(symbol, assetClass, time, bid, ask, null, source, isHistory);
    }

    private static TimeSpan IntervalOf(WireObject data)
    {
        var seconds = data.Positive("interval") ?? 60m;
        return seconds <= 31_536_000m
            ? TimeSpan.FromSeconds((double)seconds)
            : throw new WireFieldException("interval", $"{seconds}", "seconds, at most a year");
    }

    /// <summary>A volume may exceed any quantity that is traded here, but not what indicators can add up.</summary>
    private static decimal Volume(WireObject data) => data.Number("volume") switch
    {
        null => 0m,
        >= 0m and <= MaxVolume and var volume => volume,
        var other => throw new WireFieldException("volume", $"{other}", $"between 0 and {MaxVolume}"),
    };

    /// <summary>A category nobody knows declares nothing; the price is a price all the same.</summary>
    private static AssetClass AssetClassOf(string? category) =>
        category is not null && AssetClassNames.TryParse(category, out var assetClass) ? assetClass : AssetClass.Unknown;
}

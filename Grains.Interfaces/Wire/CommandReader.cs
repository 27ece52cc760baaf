using System.Buffers;
using System.Globalization;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>A command as sent.</summary>
/// <param name="Action">What to do, lower case.</param>
/// <param name="PositionId">Position it concerns; null for the whole engine.</param>
/// <param name="IsForAll">True where it says that all positions are meant.</param>
public sealed record WireCommand(string Action, string? PositionId, bool IsForAll)
{
    /// <summary>Why, for people; null when it says nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>With kill: positions are closed as well.</summary>
    public bool IsFlattening { get; init; }

    /// <summary>With halt and unhalt: what is meant, as a name of <see cref="HaltScopes"/>; null when it names nothing.</summary>
    public string? Scope { get; init; }

    /// <summary>With halt: for how long; null until it is lifted.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>Reads commands.</summary>
public static class CommandReader
{
    // A year.
    private const decimal LongestHalt = 31_536_000m;

    /// <summary>Reads a command; one for another target than <c>trading</c> is not ours.</summary>
    public static WireCommand? Read(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var action = message.Text("action", "command") ?? throw new WireFieldException("action", "absent", "given");
            var target = message.Text("target") ?? "trading";
            return target == "trading"
                ? new WireCommand(
                    WireText.Name(action, "action").ToLowerInvariant(),
                    message.Text("position_id") is { } id ? WireText.Name(id, "position_id", WireText.LongestId) : null,
                    message.Flag("all"))
                {
                    Reason = message.Text("reason") is { } reason ? WireText.Shown(reason) : null,
                    IsFlattening = message.Flag("flatten"),
                    Scope = ReadScope(message),
                    Duration = message.Number("seconds") is { } seconds ? Seconds(seconds) : null,
                }
                : throw new WireFieldException("target", target, "trading");
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static string? ReadScope(WireObject message)
    {
        Side? side = message.Text("side")?.ToLowerInvariant() switch
        {
            null => null,
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            var other => throw new WireFieldException("side", other, "buy or sell"),
        };
        return message.Text("symbol") is { } symbol ? HaltScopes.Symbol(SignalReader.Checked(symbol), side)
            : message.Text("account") is { } account
                ? HaltScopes.Account(WireText.Account(account), message.Text("strategy") is { } own ? WireText.Name(own, "strategy") : null)
            : message.Text("strategy") is { } strategy ? HaltScopes.Strategy(WireText.Name(strategy, "strategy"), side)
            : message.Number("tier") is { } tier ? HaltScopes.Tier(Tier(tier), side)
            : null;
    }

    private static int Tier(decimal tier) =>
        tier is 1m or 2m ? (int)tier : throw new WireFieldException("tier", tier.ToString(CultureInfo.InvariantCulture), "1 or 2");

    private static TimeSpan Seconds(decimal seconds) => seconds is > 0m and <= LongestHalt
        ? TimeSpan.FromSeconds((double)seconds)
        : throw new WireFieldException("seconds", seconds.ToString(CultureInfo.InvariantCulture), "more than 0, at most 31536000");
}

/// <summary>Writes the answers to commands.</summary>
public static class CommandWriter
{
    /// <summary>An entry of <c>command_history</c>.</summary>
    /// <param name="action">The command.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="by">Who gave it.</param>
    /// <param name="now">When.</param>
    public static byte[] Write(string action, CommandResult result, string by, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", action);
            json.WriteNumber("executed_at", TradeWriter.Seconds(now));
            json.WriteString("status", result.Status);
            json.WriteString("reason", result.Reason);
            json.WriteString("by", by);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

using System.Buffers;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>A command as sent.</summary>
/// <param name="Action">What to do, lower case.</param>
/// <param name="PositionId">Position it concerns; null for the whole engine.</param>
/// <param name="IsForAll">True where it says that all positions are meant.</param>
public sealed record WireCommand(string Action, string? PositionId, bool IsForAll);

/// <summary>Reads commands.</summary>
public static class CommandReader
{
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
                : throw new WireFieldException("target", target, "trading");
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }
}

/// <summary>Writes the answers to commands.</summary>
public static class CommandWriter
{
    /// <summary>An entry of <c>command_history</c>.</summary>
    public static byte[] Write(string action, CommandResult result, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", action);
            json.WriteNumber("executed_at", TradeWriter.Seconds(now));
            json.WriteString("status", result.Status);
            json.WriteString("reason", result.Reason);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

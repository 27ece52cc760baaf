using System.Globalization;
using TradingEngine.Grains.Interfaces.Audit;

namespace TradingEngine.Api.Events;

/// <summary>A place in the audit as text: what a client repeats to go on from there, also at another silo and after a restart.</summary>
internal static class EventCursor
{
    private const char Between = '~';

    public static string Write(AuditCursor cursor) =>
        string.Create(CultureInfo.InvariantCulture, $"{cursor.Sequence}{Between}{cursor.Seal}{Between}{cursor.Id}");

    /// <summary>Reads one; null where it is none.</summary>
    public static AuditCursor? Read(string text)
    {
        var parts = text.Split(Between, 3);
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seal)
            && parts[2].Length <= 80 && parts[2].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '#' or '/')
            ? new AuditCursor(sequence, parts[2].Length == 0 ? null : parts[2], seal)
            : null;
    }
}

using System.Globalization;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Endpoints;

/// <summary>A place in a list that grows and shrinks meanwhile: time and id of the last item that was given, whether it is still there or not.</summary>
/// <param name="Time">When the item began.</param>
/// <param name="Id">Its id, which parts those of one time.</param>
internal sealed record PageCursor(DateTimeOffset Time, string Id)
{
    private const char Between = '~';
    private const int LongestId = 200;

    /// <summary>Oldest first.</summary>
    public static IComparer<PageCursor> Order { get; } = Comparer<PageCursor>.Create((a, b) =>
        a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id));

    public static PageCursor Read(string text)
    {
        var parts = text.Split(Between, 2);
        return parts.Length == 2 && parts[1].Length <= LongestId
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new PageCursor(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : throw new RequestException($"after is {text}; use 'next' of the page before");
    }

    /// <summary>The first items behind a place, and where the next page begins.</summary>
    public static Page<T> Cut<T>(IEnumerable<T> items, int count, Func<T, PageCursor> cursorOf, Func<PageCursor, bool> isBehind)
    {
        var found = items.Where(item => isBehind(cursorOf(item))).Take(count + 1).ToList();
        return found.Count > count ? new(found[..count], cursorOf(found[count - 1]).ToString()) : new(found);
    }

    /// <summary>True where this place is newer.</summary>
    public bool IsAfter(PageCursor other) => Order.Compare(this, other) > 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks}{Between}{Id}");
}

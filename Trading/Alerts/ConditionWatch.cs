namespace TradingEngine.Trading.Alerts;

/// <summary>Turns a condition that is looked at again and again into an alert when it has lasted, and one when it is over. Not thread-safe.</summary>
/// <param name="begins">Kind of the first.</param>
/// <param name="ends">Kind of the second.</param>
/// <param name="after">Looks in a row that must find it, 1 or more: a hiccup is no alert.</param>
public sealed class ConditionWatch(AlertKind begins, AlertKind ends, int after)
{
    private int _seen;
    private bool _isTold;

    /// <summary>Takes what a look found; null where there is nothing to tell.</summary>
    public Alert? See(bool isSo, string text, DateTimeOffset now)
    {
        _seen = isSo ? Math.Min(_seen + 1, after) : 0;
        if (isSo && _seen == after && !_isTold)
        {
            _isTold = true;
            return AlertRules.Of(begins, text, now);
        }

        if (!isSo && _isTold)
        {
            _isTold = false;
            return AlertRules.Of(ends, text, now) with { Ends = begins.ToString() };
        }

        return null;
    }
}

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>
/// The tables of <c>docs/lifecycle.md</c> for a position with one entry of one lot, written down a second time and on its
/// own: no type of the domain is used. Time stands still, so what is delayed does not come.
/// </summary>
internal sealed class LifecycleModel
{
    private readonly List<(decimal Signed, decimal Filled, bool IsDone)> _closes;
    private decimal _entryFilled;
    private bool _entryDone;
    private bool _waits;

    public LifecycleModel() => _closes = [];

    private LifecycleModel(LifecycleModel from)
    {
        _closes = [.. from._closes];
        (_entryFilled, _entryDone, _waits) = (from._entryFilled, from._entryDone, from._waits);
        (Held, Phase, Cancels) = (from.Held, from.Phase, from.Cancels);
    }

    public decimal Held { get; private set; }

    public string Phase { get; private set; } = "Opening";

    public int Cancels { get; private set; }

    public int Closes => _closes.Count;

    public int Working => (Leaves(-1) > 0m ? 1 : 0) + Enumerable.Range(0, _closes.Count).Count(i => Leaves(i) > 0m);

    public bool IsEntryDone => _entryDone;

    private bool IsOver => Phase is "Closed" or "Rejected";

    /// <summary>The oldest order that may trade, −1 being the entry, which is also the answer where none may.</summary>
    public int Target => Leaves(-1) > 0m ? -1 : Enumerable.Range(0, _closes.Count).Where(i => Leaves(i) > 0m).Append(-1).First();

    public LifecycleModel Copy() => new(this);

    public decimal Leaves(int order) => order < 0
        ? _entryDone ? 0m : Math.Max(0m, 1m - _entryFilled)
        : _closes[order].IsDone ? 0m : Math.Max(0m, Math.Abs(_closes[order].Signed) - _closes[order].Filled);

    public void Fill(int order, decimal lots)
    {
        if (order < 0)
        {
            Held += lots;
            _entryFilled += lots;
            _entryDone |= _entryFilled >= 1m;
        }
        else
        {
            var close = _closes[order];
            Held += Math.Sign(close.Signed) * lots;
            _closes[order] = close with
            {
                Filled = close.Filled + lots, IsDone = close.IsDone || close.Filled + lots >= Math.Abs(close.Signed),
            };
        }

        if (Phase == "Opening")
        {
            Phase = "Open";
        }
        else if (IsOver && Held != 0m)
        {
            Phase = "Closing";
        }

        Settle();
    }

    public void End(int order)
    {
        if (order < 0)
        {
            _entryDone = true;
        }
        else if (!_closes[order].IsDone)
        {
            _closes[order] = _closes[order] with { IsDone = true };
            _waits = true;
        }

        Settle();
    }

    public void Leave()
    {
        if (Phase is "Opening" or "Open")
        {
            Phase = "Closing";
            Settle();
        }
    }

    private void Settle()
    {
        if (Phase == "Closing")
        {
            Cancels = !_entryDone ? 1 : Cancels;
            var free = Math.Abs(Held) - Enumerable.Range(0, _closes.Count).Sum(Leaves);
            if (free > 0m && !_waits)
            {
                _closes.Add((Held > 0m ? -free : free, 0m, false));
            }
        }

        if (!IsOver && Held == 0m && _entryDone && _closes.TrueForAll(close => close.IsDone))
        {
            Phase = _entryFilled > 0m ? "Closed" : "Rejected";
            _waits = false;
        }
    }
}

namespace TradingEngine.Trading.Exits;

/// <summary>One step of an <see cref="ExtremeHistory"/>.</summary>
/// <param name="Ticks">UTC ticks of the price, by the engine's clock.</param>
/// <param name="Price">Greatest price from after the step before to now; a short's carries a minus sign.</param>
public readonly record struct ExtremeStep(long Ticks, decimal Price);

/// <summary>
/// The best price of one side since any moment at which an armed position opened: a stack of falling prices, so that the
/// answer is the first step after that moment. A price takes the steps it beats. Steps that no armed position needs go,
/// except those of the last minute, whose positions may not have been armed yet.
/// </summary>
internal sealed class ExtremeHistory
{
    private const int SweepFloor = 256;

    private static readonly long Grace = TimeSpan.FromMinutes(1).Ticks;

    private readonly List<Step> _steps = [];
    private int _sweepAt = SweepFloor;
    private int _ahead;

    /// <summary>Steps kept.</summary>
    public int Length => _steps.Count;

    /// <summary>Adds a price. Time does not go back: an earlier one counts as the last.</summary>
    public void Add(long ticks, decimal price)
    {
        ticks = Math.Max(ticks, _steps.Count == 0 ? long.MinValue : _steps[^1].Ticks);
        var users = _ahead;
        while (_steps.Count > 0 && _steps[^1].Price <= price)
        {
            users += _steps[^1].Users;
            _steps.RemoveAt(_steps.Count - 1);
        }

        _ahead = 0;
        _steps.Add(new Step(ticks, price, users));
        if (_steps.Count >= _sweepAt)
        {
            _steps.RemoveAll(step => step.Users == 0 && step.Ticks < ticks - Grace);
            _sweepAt = Math.Max(SweepFloor, _steps.Count * 2);
        }
    }

    /// <summary>Greatest price after a moment; null when there was none yet.</summary>
    public decimal? Since(long ticks) => After(ticks) is var at && at < _steps.Count ? _steps[at].Price : null;

    /// <summary>Keeps what a position needs that opened at this moment, until <see cref="Release"/>.</summary>
    public void Use(long ticks) => Count(ticks, 1);

    /// <summary>Ends one <see cref="Use"/> of the same moment.</summary>
    public void Release(long ticks) => Count(ticks, -1);

    /// <summary>The steps that armed positions need, oldest first: only these, so that what is saved changes when they do.</summary>
    public IEnumerable<ExtremeStep> Save() => _steps
        .Where(step => step.Users > 0)
        .Select(step => new ExtremeStep(step.Ticks, step.Price));

    /// <summary>Takes what was saved, in place of what it holds; before anything is armed.</summary>
    public void Load(IEnumerable<ExtremeStep> steps)
    {
        _steps.Clear();
        _steps.AddRange(steps.Select(step => new Step(step.Ticks, step.Price, 0)));
        _sweepAt = Math.Max(SweepFloor, _steps.Count * 2);
    }

    private void Count(long ticks, int change)
    {
        var at = After(ticks);
        if (at == _steps.Count)
        {
            _ahead += change;
        }
        else
        {
            _steps[at] = _steps[at] with { Users = _steps[at].Users + change };
        }
    }

    /// <summary>Index of the first step after a moment.</summary>
    private int After(long ticks)
    {
        var (low, high) = (0, _steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _steps[middle].Ticks > ticks ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private readonly record struct Step(long Ticks, decimal Price, int Users);
}

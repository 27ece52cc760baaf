using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Market;

/// <content>The positions of the symbol, as the store's index has them: which exits are armed, and who is to be woken when.</content>
public sealed partial class InstrumentGrain
{
    /// <summary>Reads the index where it changed since it was last read.</summary>
    private async Task CatchUpAsync()
    {
        var changes = await _partition.ReadIndexChangesAsync(Symbol, _version);
        if (changes is null)
        {
            return;
        }

        if (changes.IsWhole)
        {
            foreach (var gone in _open.Ids.Where(id => !changes.Fields.ContainsKey(id)).ToList())
            {
                Forget(gone);
            }
        }

        foreach (var (id, data) in changes.Fields)
        {
            if (data is { } entry)
            {
                Follow(DomainJson.ReadIndexEntry(entry.Span), isCurrent: true);
            }
            else
            {
                Forget(id);
            }
        }

        _version = changes.Version;
    }

    /// <summary>Wakes positions for which time has come and which may be asleep.</summary>
    private async Task WakeDueAsync()
    {
        foreach (var id in _deadlines.Take(clock.GetUtcNow()))
        {
            try
            {
                await positions.Of(id).WakeAsync();
            }
            catch (Exception exception)
            {
                // Whatever keeps one asleep, those behind it are due as well; it is woken again in a second.
                LogWakeFailed(logger, id, exception.Message);
            }
        }
    }

    private void Follow(PositionIndexEntry entry, bool isCurrent = false)
    {
        if (!_open.Set(entry, isCurrent))
        {
            return;
        }

        _deadlines.Set(entry.Id, entry.Deadline);
        if (entry.Phase == PositionPhase.Open && entry.Quantity != 0m)
        {
            Arm(entry.Id);
        }
        else
        {
            _book.Disarm(entry.Id);
        }
    }

    private void Forget(string id)
    {
        _open.Remove(id, clock.GetUtcNow());
        _deadlines.Set(id, null);
        _book.Disarm(id);
    }

    private void Arm(string positionId)
    {
        if (_open.Find(positionId) is { } entry)
        {
            var plan = entry.Exits ?? new ExitPlan(entry.StopLoss, entry.TakeProfit);
            var opened = entry.OpenedAt ?? entry.CreatedAt;
            _book.Arm(new ArmedExit(entry.Id, entry.Side, plan, entry.AverageOpen, opened, SessionEnd(plan, opened)));
        }
    }

    private DateTimeOffset? SessionEnd(ExitPlan plan, DateTimeOffset opened) =>
        plan.EndOfSession == true && _options.InstrumentOf(Symbol, _price.AssetClass) is { } instrument
            ? _options.SessionEnd(instrument.AssetClass, opened) - _options.LeaveBeforeSessionEnd
            : null;

    [LoggerMessage(2402, LogLevel.Warning, "Exits of {Symbol} could not be read again: {Error}")]
    private static partial void LogCatchUpFailed(ILogger logger, string symbol, string error);

    [LoggerMessage(2407, LogLevel.Warning, "Position {PositionId} is due and could not be woken: {Error}")]
    private static partial void LogWakeFailed(ILogger logger, string positionId, string error);
}

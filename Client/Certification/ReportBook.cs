using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Certification;

/// <summary>What an execution agent reported, by order, as it came. Thread-safe.</summary>
internal sealed class ReportBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<ExecutionReport>> _reports = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <summary>Why messages could not be taken for reports of an order.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Ids of all orders reported on.</summary>
    public IReadOnlyList<string> OrderIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _reports.Keys];
            }
        }
    }

    /// <summary>Takes a message of the updates' queue.</summary>
    public void Add(ReadOnlyMemory<byte> message, DateTimeOffset now)
    {
        var report = ReportReader.Read(message, now, out var error);
        lock (_gate)
        {
            if (report is null)
            {
                _faults.Add($"a report cannot be read: {error!.Detail}");
            }
            else if (report.OrderId is not { } id)
            {
                _faults.Add($"a report of position {report.PositionId} names no order_id");
            }
            else if (_reports.TryGetValue(id, out var known))
            {
                known.Add(report);
            }
            else
            {
                _reports[id] = [report];
            }
        }
    }

    /// <summary>All that was said of an order, in order.</summary>
    public IReadOnlyList<ExecutionReport> Of(string orderId)
    {
        lock (_gate)
        {
            return _reports.TryGetValue(orderId, out var reports) ? [.. reports] : [];
        }
    }

    /// <summary>Distinct fills of an order: one that is told again, word for word but for its time, is the same fill.</summary>
    public IReadOnlyList<ExecutionReport> FillsOf(string orderId) =>
        [.. Of(orderId).Where(IsFill).DistinctBy(fill => (fill.FillId, fill.CumulativeQuantity, fill.LastQuantity, fill.LastPrice))];

    /// <summary>Lots of an order's distinct fills.</summary>
    public decimal FilledOf(Order order) => FillsOf(order.OrderId).Sum(fill => Lots(order, fill));

    /// <summary>States an order ended in, without repetitions: one, if all is well.</summary>
    public IReadOnlyList<OrderStatus> EndsOf(string orderId) => [.. Of(orderId).Select(report => report.Status).Where(IsEnd).Distinct()];

    /// <summary>True when a report says that something traded.</summary>
    public static bool IsFill(ExecutionReport report) =>
        report.Status is OrderStatus.Filled or OrderStatus.PartiallyFilled || report.LastQuantity > 0m;

    /// <summary>Lots of a fill; one that says none means all of the order, as the engine takes it.</summary>
    public static decimal Lots(Order order, ExecutionReport fill) =>
        fill.LastQuantity > 0m ? fill.LastQuantity : fill.CumulativeQuantity ?? order.Quantity;

    private static bool IsEnd(OrderStatus status) =>
        status is OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.Expired;
}

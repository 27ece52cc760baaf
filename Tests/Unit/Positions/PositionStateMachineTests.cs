using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Every sequence of up to six events, against the model of the documented state machine.</summary>
public sealed class PositionStateMachineTests
{
    private const int Length = 6;

    private enum Event
    {
        Acknowledge, Partial, Fill, Cancel, Reject, Duplicate, Late, PriceTick, CloseCommand,
    }

    private static readonly Event[] s_events = Enum.GetValues<Event>();

    private sealed record Node(PositionState State, LifecycleModel Model, ExecutionReport? LastFill, int Sent, int Number);

    [Fact]
    public void Every_sequence_up_to_length_6_agrees_with_the_model()
    {
        var opening = PositionLifecycle.Open(Given.Opening(), Given.Now);
        var count = 0;
        Walk(new Node(opening.State, new LifecycleModel(), null, 1, 0), 0, [], ref count);

        // 9 + 81 + … + 9^6: none was left out.
        Assert.Equal(597_870, count);
    }

    private static void Walk(Node node, int depth, Event[] path, ref int count)
    {
        if (depth == Length)
        {
            return;
        }

        foreach (var happening in s_events)
        {
            count++;
            Event[] steps = [.. path, happening];
            Walk(Next(node, happening, steps), depth + 1, steps, ref count);
        }
    }

    private static Node Next(Node node, Event happening, Event[] path)
    {
        var model = node.Model.Copy();
        var target = model.Target;
        var order = OrderOf(node.State, target);
        switch (happening)
        {
            case Event.Acknowledge:
                return Report(node, model, Given.Report(order, OrderStatus.Accepted), path);
            case Event.Partial:
                model.Fill(target, 0.4m);
                return Trade(node, model, order, 0.4m, OrderStatus.PartiallyFilled, path);
            case Event.Fill when model.Leaves(target) is > 0m and var leaves:
                model.Fill(target, leaves);
                return Trade(node, model, order, leaves, OrderStatus.Filled, path);
            case Event.Cancel:
                model.End(target);
                return Report(node, model, Given.Report(order, OrderStatus.Cancelled), path);
            case Event.Reject:
                model.End(target);
                return Report(node, model, Given.Report(order, OrderStatus.Rejected), path);
            case Event.Duplicate when node.LastFill is { } last:
                return Report(node, model, last, path);
            case Event.Late when model.IsEntryDone:
                model.Fill(-1, 0.25m);
                return Trade(node, model, node.State.Orders[0].Order, 0.25m, OrderStatus.Filled, path);
            case Event.PriceTick when model is { Phase: "Open", Held: not 0m }:
                model.Leave();
                return Check(node, model, PositionLifecycle.Close(node.State, "stop_loss", 95m, Given.Now), path);
            case Event.CloseCommand:
                model.Leave();
                return Check(node, model, PositionLifecycle.Close(node.State, "command", null, Given.Now), path);
            case Event.Fill or Event.Duplicate or Event.Late or Event.PriceTick:
                // Nothing works, nothing has traded, or nothing is armed: the event cannot happen here.
                return node;
            default:
                throw new ArgumentOutOfRangeException(nameof(happening), happening, null);
        }
    }

    private static Order OrderOf(PositionState state, int target)
    {
        if (target >= 0)
        {
            foreach (var order in state.Orders)
            {
                if (order.Order.Intent == OrderIntent.Close && target-- == 0)
                {
                    return order.Order;
                }
            }
        }

        return state.Orders[0].Order;
    }

    private static Node Trade(
        Node node, LifecycleModel model, Order order, decimal lots, OrderStatus status, Event[] path)
    {
        var report = Given.Report(order, status, lots, 100m, $"f{node.Number}");
        return Report(node with { LastFill = report, Number = node.Number + 1 }, model, report, path);
    }

    private static Node Report(Node node, LifecycleModel model, ExecutionReport report, Event[] path) =>
        Check(node, model, PositionLifecycle.Apply(node.State, report, Given.Now).Transition, path);

    private static Node Check(Node node, LifecycleModel model, Transition transition, Event[] path)
    {
        var (state, working, closes, cancels) = (transition.State, 0, 0, 0);
        foreach (var order in state.Orders)
        {
            working += order.LeavesQuantity > 0m ? 1 : 0;
            closes += order.Order.Intent == OrderIntent.Close ? 1 : 0;
            cancels += order.Order.Intent == OrderIntent.Cancel ? 1 : 0;
        }

        var sent = node.Sent + transition.Orders.Length;
        var expected = (model.Held, model.Phase, model.Working, model.Closes, model.Cancels, 1 + model.Closes + model.Cancels);
        var actual = (state.Legs[0].Ledger.Quantity, PhaseOf(state.Phase), working, closes, cancels, sent);
        if (expected != actual)
        {
            Assert.Fail($"After {string.Join(", ", path)} the model says {expected}, the position {actual}.");
        }

        return node with { State = state, Model = model, Sent = sent };
    }

    private static string PhaseOf(PositionPhase phase) => phase switch
    {
        PositionPhase.Opening => "Opening",
        PositionPhase.Open => "Open",
        PositionPhase.Closing => "Closing",
        PositionPhase.Closed => "Closed",
        PositionPhase.Rejected => "Rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}

using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Tests.Corpus;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>Every kind of broken message against the reader of its queue.</summary>
public sealed class BrokenPayloadTests
{
    public static TheoryData<string> Keys() => [.. BrokenPayloads.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Good_message_is_taken(string key) =>
        Assert.Null(ErrorIn(key, Encoding.UTF8.GetBytes(BrokenPayloads.Good(key))));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_one_of_more_than_a_hundred_kinds_is_refused_with_a_code_and_words_that_can_be_shown(string key)
    {
        var kinds = BrokenPayloads.For(key);

        Assert.InRange(kinds.Count, 100, 1_000);
        Assert.Equal(kinds.Count, kinds.Select(broken => broken.Kind).Distinct().Count());
        Assert.All(kinds, broken =>
        {
            var error = ErrorIn(key, broken.Bytes);
            Assert.NotNull(error);
            Assert.True(error.Reason is RejectReason.Malformed or RejectReason.InvalidField or RejectReason.UnknownAction);
            Assert.InRange(error.Detail.Length, 1, 301);
            Assert.DoesNotContain(error.Detail, char.IsControl);
            Assert.Equal(error.Detail, JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(error.Detail)));
        });
    }

    private static WireError? ErrorIn(string key, byte[] bytes)
    {
        WireError? error;
        object? value = key switch
        {
            "hft_signals" => SignalReader.Read(bytes, 1, "e1", Given.Now, out error),
            "strategy_signals" or "fast_signals" => SignalReader.Read(bytes, 2, "e1", Given.Now, out error),
            "tactical_signals" => TacticalReader.Read(bytes, Given.Now, out error),
            "position_updates" => ReportReader.Read(bytes, Given.Now, out error),
            "trading_commands" => CommandReader.Read(bytes, out error),
            "strategy_engine:market_data" => MarketReader.Read(bytes, Given.Now, out error),
            "reconcile_requests:replies" => ReconcileReader.Read(bytes, Given.Now, out error),
            "market_analysis_requests:replies" or "optimization_requests:replies" => AnswerReader.Read(bytes, out error),
            _ => AlertReader.Read(bytes, Given.Now, out error),
        };
        Assert.Equal(value is null, error is not null);
        return error;
    }
}

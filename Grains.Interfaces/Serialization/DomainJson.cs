using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Grains.Interfaces.Serialization;

/// <summary>
/// The one JSON form of the domain's types: in the store, in the audit and between silos. Property names are a contract:
/// they are read back by later versions.
/// </summary>
public static class DomainJson
{
    /// <summary>Options for any domain type.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>A position as bytes of the store.</summary>
    public static byte[] Write(PositionState state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, DomainJsonContext.Default.PositionState);

    /// <summary>A position from bytes of the store.</summary>
    public static PositionState ReadPosition(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.PositionState)
        ?? throw new JsonException("A stored position is null.");

    /// <summary>An index entry as bytes of the store.</summary>
    public static byte[] Write(PositionIndexEntry entry) =>
        JsonSerializer.SerializeToUtf8Bytes(entry, DomainJsonContext.Default.PositionIndexEntry);

    /// <summary>An index entry from bytes of the store.</summary>
    public static PositionIndexEntry ReadIndexEntry(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.PositionIndexEntry)
        ?? throw new JsonException("A stored index entry is null.");

    /// <summary>What a symbol's exits have seen, as bytes of the store.</summary>
    public static byte[] Write(ExitMemory memory) =>
        JsonSerializer.SerializeToUtf8Bytes(memory, DomainJsonContext.Default.ExitMemory);

    /// <summary>What a symbol's exits have seen, from bytes of the store.</summary>
    public static ExitMemory? ReadExitMemory(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.ExitMemory);

    /// <summary>Rows of numbers as bytes of the store.</summary>
    public static byte[] Write(decimal[][] rows) =>
        JsonSerializer.SerializeToUtf8Bytes(rows, DomainJsonContext.Default.DecimalArrayArray);

    /// <summary>Rows of numbers from bytes of the store.</summary>
    public static decimal[][] ReadRows(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.DecimalArrayArray) ?? [];

    /// <summary>Where an account's day began, and its peak, as bytes of the store.</summary>
    public static byte[] Write(AccountDay day) =>
        JsonSerializer.SerializeToUtf8Bytes(day, DomainJsonContext.Default.AccountDay);

    /// <summary>Where an account's day began, and its peak, from bytes of the store.</summary>
    public static AccountDay? ReadAccountDay(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.AccountDay);

    /// <summary>What the strategic tier keeps, as bytes of the store.</summary>
    public static byte[] Write(CapitalState state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, DomainJsonContext.Default.CapitalState);

    /// <summary>What the strategic tier keeps, from bytes of the store.</summary>
    public static CapitalState ReadCapital(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.CapitalState)?.Ordered() ?? throw new JsonException("Stored weights are null.");

    /// <summary>The regime that stands, as bytes of the store.</summary>
    public static byte[] Write(StandingRegime regime) =>
        JsonSerializer.SerializeToUtf8Bytes(regime, DomainJsonContext.Default.StandingRegime);

    /// <summary>The regime that stands, from bytes of the store.</summary>
    public static StandingRegime ReadRegime(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize(data, DomainJsonContext.Default.StandingRegime) ?? throw new JsonException("A stored regime is null.");

    /// <summary>A closed trade as a line of its strategy's list.</summary>
    public static byte[] Write(ClosedTrade trade) =>
        JsonSerializer.SerializeToUtf8Bytes(trade, DomainJsonContext.Default.ClosedTrade);

    /// <summary>A closed trade from a line of its strategy's list.</summary>
    public static ClosedTrade ReadTrade(string line) =>
        JsonSerializer.Deserialize(line, DomainJsonContext.Default.ClosedTrade)
        ?? throw new JsonException("A stored trade is null.");

    /// <summary>The halts of a scope as the store's text.</summary>
    public static string Write(ImmutableArray<Halt> halts) =>
        JsonSerializer.Serialize(halts, DomainJsonContext.Default.ImmutableArrayHalt);

    /// <summary>The halts of a scope from the store's text; one that is no list is a plain reason.</summary>
    public static ImmutableArray<Halt> ReadHalts(string text) => text.StartsWith('[')
        ? JsonSerializer.Deserialize(text, DomainJsonContext.Default.ImmutableArrayHalt)
        : [new Halt("operator", text)];

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(DomainJsonContext.Default.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(
                DomainJsonContext.Default, new DefaultJsonTypeInfoResolver()),
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>Generated readers and writers of what is stored.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(PositionState))]
[JsonSerializable(typeof(PositionIndexEntry))]
[JsonSerializable(typeof(TradingFact))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(ExitMemory))]
[JsonSerializable(typeof(decimal[][]))]
[JsonSerializable(typeof(ClosedTrade))]
[JsonSerializable(typeof(PositionLeg))]
[JsonSerializable(typeof(AccountDay))]
[JsonSerializable(typeof(CapitalState))]
[JsonSerializable(typeof(StandingRegime))]
[JsonSerializable(typeof(AuditSeal))]
[JsonSerializable(typeof(AuditHead))]
[JsonSerializable(typeof(ImmutableArray<Halt>))]
public sealed partial class DomainJsonContext : JsonSerializerContext;

using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Architecture;

/// <summary>Which project may know which, and that what travels by reference cannot change.</summary>
public sealed class DependencyTests
{
    private static readonly Assembly Trading = typeof(PositionState).Assembly;

    [Fact]
    public void Trading_knows_the_base_library_and_numeric_packages_only() => Assert.All(
        References("TradingEngine.Trading"),
        name => Assert.True(name is "netstandard" or "mscorlib" or "NodaTime" or "MathNet.Numerics"
            || (name.StartsWith("System.", StringComparison.Ordinal)), name));

    [Fact]
    public void Grains_know_interfaces_which_know_trading_and_never_the_other_way()
    {
        Assert.Contains("TradingEngine.Trading", References("TradingEngine.Grains.Interfaces"));
        Assert.Contains("TradingEngine.Grains.Interfaces", References("TradingEngine.Grains"));
        Assert.Equal(["TradingEngine.Trading"], Own("TradingEngine.Grains.Interfaces"));
        Assert.Empty(Own("TradingEngine.Trading"));
        Assert.Equal(["TradingEngine.Grains.Interfaces", "TradingEngine.Streaming", "TradingEngine.Trading"],
            Own("TradingEngine.Grains"));
    }

    [Theory]
    [InlineData("TradingEngine.Streaming.Redis")]
    [InlineData("TradingEngine.Streaming.Sqlite")]
    public void Store_knows_the_streaming_contract_and_no_trading(string store) =>
        Assert.Equal(["TradingEngine.Streaming"], Own(store));

    [Fact]
    public void Streaming_contract_knows_nothing_of_ours() => Assert.Empty(Own("TradingEngine.Streaming"));

    [Theory]
    [InlineData("TradingEngine.Grains")]
    [InlineData("TradingEngine.Grains.Interfaces")]
    public void Grains_know_no_database(string name) => Assert.DoesNotContain(References(name),
        reference => reference.StartsWith("StackExchange", StringComparison.Ordinal) || reference.Contains("Sqlite", StringComparison.Ordinal));

    [Fact]
    public void Records_of_trading_are_immutable()
    {
        var records = Trading.GetTypes().Where(IsRecord).ToList();

        Assert.Contains(typeof(PositionState), records);
        Assert.True(records.Count > 25, $"{records.Count} records");
        Assert.All(records, AssertImmutable);
    }

    [Fact]
    public void Records_of_the_wire_are_immutable() =>
        Assert.All(typeof(WireCommand).Assembly.GetTypes().Where(IsRecord), AssertImmutable);

    [Fact]
    public void Enums_of_trading_name_no_value_twice() => Assert.All(Trading.GetTypes().Where(type => type.IsEnum), type =>
        Assert.Equal(Enum.GetNames(type).Length, Enum.GetValuesAsUnderlyingType(type).Cast<object>().Distinct().Count()));

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    private static void AssertImmutable(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            Assert.True(property.SetMethod is null || isInit == true, $"{type.Name}.{property.Name} can be set");
            Assert.False(IsMutable(property.PropertyType), $"{type.Name}.{property.Name} holds a mutable {property.PropertyType.Name}");
        }

        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Assert.True(field.IsInitOnly, $"{type.Name}.{field.Name} can be set");
        }
    }

    private static bool IsMutable(Type type) => type.IsArray
        || (typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string)
            && type.Namespace != "System.Collections.Immutable" && type.Namespace != "System.Collections.Frozen");

    private static List<string> References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];

    private static List<string> Own(string assembly) => [.. References(assembly)
        .Where(name => name.StartsWith("TradingEngine.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}

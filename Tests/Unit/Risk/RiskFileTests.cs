using System.Text;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Files of limits: what they may say, what wins, and every error at once.</summary>
public sealed class RiskFileTests
{
    [Fact]
    public void File_starts_from_no_limit_or_from_the_conservative_ones()
    {
        Assert.Null(Read("{}").General.MaxGrossShare);
        Assert.Equal(1m, Read("""{"basedOn": "conservative"}""").General.MaxGrossShare);
        Assert.Equal("file.json", Read("""{"basedOn": "conservative"}""").Name);
        Assert.Equal("mine", Read("""{"name": "mine"}""").Name);
        Assert.Equal("file.json", Read("""{"name": ""}""").Name);
        Assert.True(Read("""{"isStructuralOnly": true}""").General.IsStructuralOnly);
        Assert.Null(Read("""{"basedOn": "conservative", "maxGrossShare": null}""").General.MaxGrossShare);
    }

    [Fact]
    public void Every_limit_is_read_by_its_name_in_any_case_and_changes_the_hash()
    {
        var hashes = new HashSet<string> { Read("{}").Hash };
        foreach (var field in LimitFields.All)
        {
            var value = field.Kind switch
            {
                LimitKind.Flag => "true",
                LimitKind.Duration => "\"00:00:07\"",
                LimitKind.Count => "7",
                _ => field.Least < 0.75m && field.Most > 0.75m ? "0.75" : "7",
            };
            var profile = Read($$"""{"{{field.Name.ToUpperInvariant()}}": {{value}}}""");
            var expected = field.Kind == LimitKind.Flag ? 1m : value.Contains("07", StringComparison.Ordinal) ? 7m
                : decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture);

            Assert.Equal(expected, field.Get(profile.General));
            Assert.True(hashes.Add(profile.Hash), field.Name);
            Assert.InRange(field.Check, 1, RiskChecks.Last);
        }

        Assert.Equal(7m, LimitFields.Find("cooldown")!.Get(Read("""{"cooldown": 7}""").General));
        Assert.Equal(Read("{}").Hash, Read("{ // nothing\n }").Hash);
        Assert.Equal(Read("""{"maxLeverage": 1.0}""").Hash, Read("""{"maxLeverage": 1.00}""").Hash);
        Assert.Matches("^[0-9a-f]{12}$", Read("{}").Hash);
    }

    [Fact]
    public void Every_limit_of_the_record_can_be_set_in_a_file()
    {
        string[] others = [nameof(RiskLimits.Name), nameof(RiskLimits.IsStructuralOnly), nameof(RiskLimits.MinConfidences)];

        Assert.Equal(
            typeof(RiskLimits).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
                .Select(property => property.Name).Except(others).Order(),
            LimitFields.All.Select(field => field.Name).Order());
    }

    [Fact]
    public void Scope_takes_the_place_of_the_general_value_and_of_several_the_strictest_holds()
    {
        var profile = Read("""
            {
              "basedOn": "conservative", "maxPositionShare": 0.1, "isRestricted": true,
              "accounts": { "a": { "maxPositionShare": 0.3, "minConfidence": 0.4 }, "b": { "maxPositionShare": null } },
              "strategies": { "Trend": { "maxPositionShare": 0.2, "minConfidence": 0.6 } },
              "symbols": { "BTCUSD": { "maxPositionShare": 0.25, "isRestricted": false } }
            }
            """);

        Assert.Equal(0.1m, profile.For("x", "y", "ETHUSD").MaxPositionShare);
        Assert.Equal(0.3m, profile.For("a", "y", "ETHUSD").MaxPositionShare);
        Assert.Equal(0.2m, profile.For("a", "trend", "BTCUSD").MaxPositionShare);
        Assert.Equal(0.25m, profile.For("a", "y", "BTCUSD").MaxPositionShare);
        Assert.Null(profile.For("b", "trend", "BTCUSD").MaxPositionShare);
        Assert.Equal(0.6m, profile.For("a", "trend", "BTCUSD").MinConfidence);
        Assert.True(profile.For("a", "y", "ETHUSD").IsRestricted);
        Assert.False(profile.For("a", "y", "BTCUSD").IsRestricted);
        Assert.Same(profile.For("a", "y", "BTCUSD"), profile.For("a", "y", "BTCUSD"));
        Assert.Same(RiskLimits.Open, new RiskProfile(RiskLimits.Open).For("a", "y", "BTCUSD"));
        Assert.Throws<ArgumentNullException>(() => new RiskProfile(null!));
    }

    [Fact]
    public void Profile_remembers_a_bounded_number_of_combinations()
    {
        var profile = Read("""{"accounts": {"a": {"maxGrossShare": 0.5}}}""");
        for (var i = 0; i < 10_001; i++)
        {
            Assert.Equal(0.5m, profile.For("a", "s", $"S{i}").MaxGrossShare);
        }

        Assert.NotSame(profile.For("a", "s", "S10000"), profile.For("a", "s", "S10000"));
        Assert.Same(profile.For("a", "s", "S1"), profile.For("a", "s", "S1"));
    }

    [Fact]
    public void Groups_and_confidences_are_read()
    {
        var profile = Read("""{"groups": {"metals": ["XAUUSD", "XAGUSD"]}, "minConfidences": {"Trend": 0.7}}""");

        string[] hashes =
        [
            Read("{}").Hash, profile.Hash, Read("""{"accounts": {"a": {"maxLeverage": 1}}}""").Hash,
            Read("""{"strategies": {"a": {"maxLeverage": 1}}}""").Hash, Read("""{"symbols": {"a": {"maxLeverage": 1}}}""").Hash,
            Read("""{"symbols": {"a": {"maxLeverage": null}}}""").Hash, Read("""{"symbols": {"a": {}}}""").Hash,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal("metals", profile.GroupOf("XAGUSD", null));
        Assert.Equal("BTC", profile.GroupOf("BTCUSD", Given.Instrument("BTCUSD")));
        Assert.Null(profile.GroupOf("EURUSD", null));
        Assert.Null(profile.GroupOf("EURUSD", Given.Instrument("EURUSD") with { AssetClass = AssetClass.Forex }));
        Assert.Equal(0.7m, profile.For("a", "trend", "BTCUSD").MinConfidence);
        Assert.Equal(0m, profile.For("a", "other", "BTCUSD").MinConfidence);
        Assert.NotEqual(Read("{}").Hash, profile.Hash);
    }

    [Fact]
    public void Entry_carries_checks_name_and_hash()
    {
        var profile = new RiskProfile(RiskLimits.Conservative);
        Assert.Matches("^entry 1-33 conservative/[0-9a-f]{12}$", profile.EntryStamp);
        Assert.Same(profile.EntryStamp, profile.EntryStamp);
        Assert.Matches("^entry 1-4,7,25,27 open/[0-9a-f]{12}$", new RiskProfile(RiskLimits.Open).EntryStamp);
    }

    [Theory]
    [InlineData("""{"maxGrosShare": 1}""", "maxGrosShare is 1; use a limit that is known, such as MaxGrossShare")]
    [InlineData("""{"maxGrossShare": -1}""", "maxGrossShare is -1; use a number from 0 to 1000")]
    [InlineData("""{"maxGrossShare": 1001}""", "maxGrossShare is 1001; use a number from 0 to 1000")]
    [InlineData("""{"maxGrossShare": "1"}""", "maxGrossShare is \"1\"; use a number from 0 to 1000")]
    [InlineData("""{"maxGrossShare": 1e400}""", "maxGrossShare is 1e400; use a number from 0 to 1000")]
    [InlineData("""{"maxOpenPositions": 1.5}""", "maxOpenPositions is 1.5; use a whole number from 0 to 1000000")]
    [InlineData("""{"cooldown": "soon"}""", "cooldown is \"soon\"; use \"00:00:00\" to \"7.00:00:00\"")]
    [InlineData("""{"cooldown": null}""", "cooldown is null; use \"00:00:00\" to \"7.00:00:00\"")]
    [InlineData("""{"isStopRequired": "yes"}""", "isStopRequired is \"yes\"; use true or false")]
    [InlineData("""{"isStopRequired": 1}""", "isStopRequired is 1; use true or false")]
    [InlineData("""{"minConfidence": null}""", "minConfidence is null; use a number from 0 to 1")]
    [InlineData("""{"rateBurst": null}""", "rateBurst is null; use a number from 1 to 100")]
    [InlineData("""{"isStructuralOnly": 1}""", "isStructuralOnly is 1; use true or false")]
    [InlineData("""{"basedOn": "open"}""", "basedOn is \"open\"; use \"conservative\", or leave it away and set every limit")]
    [InlineData("""{"basedOn": 1}""", "basedOn is 1; use \"conservative\", or leave it away and set every limit")]
    [InlineData("""{"name": 1}""", "name is 1; use up to 64 characters")]
    [InlineData("""{"name": "a\nb"}""", "name is \"a\\nb\"; use up to 64 characters")]
    [InlineData("""{"accounts": 1}""", "accounts is 1; use an object of accounts, each with its limits")]
    [InlineData("""{"accounts": {"a": 1}}""", "accounts.a is 1; use an object of limits")]
    [InlineData("""{"accounts": {"a": {"x": 1}}}""", "accounts.a.x is 1; use a limit that is known, such as")]
    [InlineData("""{"strategies": {"Trend": {}, "trend": {}}}""", "strategies.trend is there twice; write it once")]
    [InlineData("""{"symbols": {"A B": {}}}""", "symbols has 'A B', which is no symbol")]
    [InlineData("""{"groups": 1}""", "groups is 1; use an object of groups")]
    [InlineData("""{"groups": {"g": 1}}""", "groups.g is 1; use a list of symbols")]
    [InlineData("""{"groups": {"g": [1]}}""", "groups.g is [1]; use a list of symbols")]
    [InlineData("""{"groups": {"g": ["A B"]}}""", "groups.g has 'A B', which is no symbol")]
    [InlineData("""{"groups": {"g": ["A"], "h": ["A"]}}""", "groups.h has A, which is in g already; write it in one group")]
    [InlineData("""{"minConfidences": 1}""", "minConfidences is 1; use an object of strategies")]
    [InlineData("""{"minConfidences": {"a": 2}}""", "minConfidences.a is 2; use a number from 0 to 1")]
    [InlineData("""{"minConfidences": {"a": "x"}}""", "minConfidences.a is \"x\"; use a number from 0 to 1")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{", "it is not JSON of an object without repeated names")]
    [InlineData("""{"maxLeverage": 1, "maxLeverage": 2}""", "it is not JSON of an object without repeated names")]
    public void Error_names_field_value_and_fix(string json, string expected)
    {
        var (profile, errors) = RiskFileReader.Read(Encoding.UTF8.GetBytes(json), "file.json");

        Assert.Null(profile);
        Assert.StartsWith(expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_found_at_once_and_long_values_are_cut()
    {
        var (_, errors) = RiskFileReader.Read(
            Encoding.UTF8.GetBytes(
                """{"a": 1, "maxLeverage": -1, "accounts": {"x": {"b": 1}}, "name": "#"}""".Replace("#", new string('x', 100), StringComparison.Ordinal)),
            "f");
        Assert.Equal(4, errors.Length);
        Assert.Contains("…", errors[3], StringComparison.Ordinal);

        var many = "{" + string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"x{i}\": 1")) + "}";
        Assert.Equal(100, RiskFileReader.Read(Encoding.UTF8.GetBytes(many), "f").Errors.Length);
    }

    [Fact]
    public void Conservative_limits_are_within_their_ranges_and_none_is_absent() => Assert.All(LimitFields.All, field =>
        Assert.InRange(field.Get(RiskLimits.Conservative)!.Value, field.Least, field.Most));

    private static RiskProfile Read(string json)
    {
        var (profile, errors) = RiskFileReader.Read(Encoding.UTF8.GetBytes(json), "file.json");
        Assert.Empty(errors);
        return profile!;
    }
}

using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Contract;

/// <summary>The API's document is a contract: what it says is committed, and a change of it is one that somebody made on purpose.</summary>
public sealed class OpenApiTests(ApiSilo silo)
{
    private const string Committed = "openapi.json";

    [Fact]
    public async Task The_document_is_the_one_that_is_committed()
    {
        using var client = silo.As(Role.Viewer);
        var now = (await client.GetAsync("/openapi/v1.json")).IsDone().Json.ToJsonString(new() { WriteIndented = true }) + "\n";
        if (Environment.GetEnvironmentVariable("TE_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(Path.Combine(Repository(), "docs", "schemas", Committed), now, TestContext.Current.CancellationToken);
            return;
        }

        var committed = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schemas", Committed), TestContext.Current.CancellationToken);
        Assert.True(committed.ReplaceLineEndings("\n") == now, $"docs/schemas/{Committed} is not what the API says of itself: {Difference(committed, now)}. "
            + "Names are added, never changed; write it with TE_WRITE_DOCS=1, and the change into CHANGELOG.md.");
    }

    [Fact]
    public async Task Every_operation_says_its_role_what_it_answers_and_how_it_fails()
    {
        using var client = silo.As(Role.Viewer);
        var document = (await client.GetAsync("/openapi/v1.json")).Json;
        var names = new HashSet<string>();
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                var where = $"{method} {path}";
                Assert.True(names.Add((string)operation!["operationId"]!), $"{where} has the name of another");
                Assert.True(operation["summary"] is not null && operation["description"] is not null && operation["tags"] is not null, $"{where} is not described");
                var responses = operation["responses"]!.AsObject();
                Assert.True(responses.Any(answer => answer.Key[0] == '2' && (answer.Key == "204" || answer.Value!["content"] is not null)), $"{where} does not say what it answers");
                Assert.True(responses.ContainsKey("401") && responses.ContainsKey("503"), $"{where} does not say how it fails");
            }
        }

        Assert.True(names.Count >= 38, $"{names.Count} operations are described");
    }

    private static string Difference(string committed, string now)
    {
        var (before, after) = (committed.Split('\n'), now.Split('\n'));
        var at = Enumerable.Range(0, Math.Min(before.Length, after.Length)).FirstOrDefault(i => before[i] != after[i], Math.Min(before.Length, after.Length) - 1);
        return $"line {at + 1} is '{before[at].Trim()}' there and '{after[at].Trim()}' now";
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Orleans.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}

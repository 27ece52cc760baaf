using TradingEngine.Grains.Interfaces.Security;
using Xunit;

[assembly: AssemblyFixture(typeof(TradingEngine.Tests.Api.Harness.ApiSilo))]

namespace TradingEngine.Tests.Api.Harness;

/// <summary>A real silo on the embedded store whose agents are all over HTTP, with a key of each role; one for all tests that disturb nobody.</summary>
public sealed class ApiSilo : IAsyncLifetime
{
    private OwnSilo _silo = null!;

    /// <summary>Arguments of an engine whose agents are all over HTTP.</summary>
    internal static readonly string[] OverHttp = ["--feed", "http", "--execution", "http", "--risk", "open"];

    internal Uri Address => _silo.Address;

    /// <summary>A client with the key of a role.</summary>
    internal ApiClient As(Role? role) => new(Address, role is { } given ? _silo.Keys.Of(given) : null);

    public async ValueTask InitializeAsync() => _silo = await OwnSilo.StartAsync(OverHttp);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();
}

/// <summary>A file of keys with one of each role, named as it.</summary>
internal sealed class Keys
{
    private readonly Dictionary<Role, string> _keys = [];

    public Keys(string file)
    {
        File = file;
        var lines = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            var (key, stored) = ApiKey.Create(role.ToString().ToLowerInvariant(), role, null);
            _keys[role] = key;
            lines.Add(stored.ToLine());
        }

        System.IO.File.WriteAllLines(file, lines);
    }

    public string File { get; }

    public string Of(Role role) => _keys[role];
}

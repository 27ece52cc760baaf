using System.CommandLine;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Silo.Hosting;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>What others could reach unprotected does not start, and says why: each way to expose the API, as a user gives it.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Starts = "";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-refusal-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("http://127.0.0.1:8080", false, null, Starts)]
    [InlineData("http://127.0.0.1:8080", false, 1, Starts)]
    [InlineData("http://127.0.0.1:8080", false, 0, "names a file without a key")]
    [InlineData("http://0.0.0.0:8080", false, null, "without TLS|without credentials")]
    [InlineData("http://0.0.0.0:8080", false, 1, "without TLS")]
    [InlineData("http://0.0.0.0:8080", true, 1, "leave the certificate away|without TLS")]
    [InlineData("https://127.0.0.1:8443", false, 1, "needs a certificate")]
    [InlineData("https://127.0.0.1:8443", true, null, Starts)]
    [InlineData("https://0.0.0.0:8443", false, 1, "needs a certificate")]
    [InlineData("https://0.0.0.0:8443", true, null, "without credentials")]
    [InlineData("https://0.0.0.0:8443", true, 0, "names a file without a key")]
    [InlineData("https://0.0.0.0:8443", true, 1, Starts)]
    [InlineData("http://127.0.0.1.example:8080", false, 1, "without TLS")]
    [InlineData("http://engine.example:8080", false, null, "without TLS|without credentials")]
    [InlineData("http://[::]:8080", false, 1, "without TLS")]
    [InlineData("http://user:secret@127.0.0.1:8080/x", false, null, "scheme, address and port alone")]
    [InlineData("ftp://127.0.0.1:21", false, null, "use http://127.0.0.1:<port>")]
    public async Task Exposure_is_refused_unless_it_is_protected(string address, bool hasCertificate, int? keys, string expected)
    {
        var message = await StartAsync([.. Arguments(address, hasCertificate, keys)]);
        if (expected == Starts)
        {
            Assert.Null(message);
            return;
        }

        Assert.NotNull(message);
        Assert.All(expected.Split('|'), part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(expected.Split('|').Length, message.Split('\n').Length);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:{0}", "without TLS")]
    [InlineData("https://127.0.0.1:{0}", "needs a certificate")]
    public async Task A_silo_that_is_refused_ends_with_2_and_listens_nowhere(string address, string expected)
    {
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start([.. place.PlaceArguments, "--http", address.Replace("{0}", $"{RedisServer.FreePort()}", StringComparison.Ordinal)]);
        Assert.Equal(2, await silo.EndsAsync());
        Assert.Contains(silo.Errors, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(silo.Lines, line => line.Text.StartsWith("Ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_that_are_wrong_or_that_others_may_change_are_refused_without_repeating_them()
    {
        var file = Path.Combine(_directory.FullName, "wrong.keys");
        var (key, stored) = ApiKey.Create("desk", Role.Trader, null);
        await File.WriteAllTextAsync(file, $"desk trader {key}\ndesk captain {stored.ToLine().Split(' ')[2]}\n{stored.ToLine()} tomorrow\n", TestContext.Current.CancellationToken);
        var message = await StartAsync("--api-keys", file);
        Assert.NotNull(message);
        Assert.Contains("line 1 of the API keys has no SHA-256", message, StringComparison.Ordinal);
        Assert.Contains("line 2 of the API keys has the role captain", message, StringComparison.Ordinal);
        Assert.Contains("line 3 of the API keys ends at tomorrow", message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, stored.ToLine(), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        Assert.Contains("which others may write; run: chmod 600", await StartAsync("--api-keys", file), StringComparison.Ordinal);
        Assert.Contains("which others may read or write", await StartAsync("--command-keys", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named_and_its_password_is_not()
    {
        using var certificate = Certificates.Create();
        var pfx = Certificates.Write(certificate, _directory.FullName, "canary-password");
        var message = await StartAsync("--http", "https://127.0.0.1:8443", "--http-certificate", pfx);
        Assert.Contains($"--http-certificate is {pfx}, which is no certificate with its key", message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--execution")]
    [InlineData("--feed")]
    public async Task Agents_over_http_need_the_api(string setting) =>
        Assert.Contains($"{setting} is http, but --http is none", await StartAsync("--http", "none", setting, "http"), StringComparison.Ordinal);

    private IEnumerable<string> Arguments(string address, bool hasCertificate, int? keys)
    {
        string[] given = ["--http", address];
        if (hasCertificate)
        {
            using var certificate = Certificates.Create();
            given = [.. given, "--http-certificate", Certificates.Write(certificate, _directory.FullName)];
        }

        if (keys is { } count)
        {
            var file = Path.Combine(_directory.FullName, "api.keys");
            File.WriteAllLines(file, Enumerable.Range(0, count).Select(i => ApiKey.Create($"key{i}", Role.Viewer, null).Stored.ToLine()));
            given = [.. given, "--api-keys", file];
        }

        return given;
    }

    /// <summary>What is wrong with a command line; null where the silo would start.</summary>
    private static async Task<string?> StartAsync(params string[] arguments)
    {
        try
        {
            var started = 0;
            await SiloCommand.Create((_, _) => Task.FromResult(started = 1)).Parse(arguments)
                .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
            Assert.Equal(1, started);
            return null;
        }
        catch (SettingsException exception)
        {
            return exception.Message;
        }
    }
}

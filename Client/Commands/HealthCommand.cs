using System.CommandLine;
using TradingEngine.Client.Output;

namespace TradingEngine.Client.Commands;

/// <summary>Asks a silo's HTTP address whether it is ready: for containers and supervisors, which have no other program for it.</summary>
internal static class HealthCommand
{
    private const string Default = "http://127.0.0.1:8080";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var address = new Argument<string>("address")
        {
            Description = "Address of the silo's API, as its --http.", DefaultValueFactory = _ => Default,
        };
        var command = new TaughtCommand(
            "health", "Asks a silo whether it is ready: exit code 0 when it is, 1 when not, 3 when nobody answers. It needs no key.",
            "health", "health https://127.0.0.1:8443");
        command.Arguments.Add(address);
        Session.Run(command, (session, cancellation) => RunAsync(session, session.Parsed.GetValue(address)!, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var silo) || silo.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"address is {address}; use http://host:port or https://host:port, as the silo's --http.");
        }

        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (silo.IsLoopback)
        {
            // The certificate is of another name. Nobody sits between this and the same machine, and nothing secret is sent.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }

        using var http = new HttpClient(handler) { Timeout = Limit };
        HttpResponseMessage answer;
        try
        {
            answer = await http.GetAsync(new Uri(silo, "/health/ready"), cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            session.Screen.Error($"No silo answers at {silo.GetLeftPart(UriPartial.Authority)}: {exception.Message}");
            return ExitCodes.NoEngine;
        }

        using (answer)
        {
            var said = (await answer.Content.ReadAsStringAsync(cancellation)).Trim();
            if (session.Screen.IsJson)
            {
                session.Screen.Write(new HealthDocument(address, answer.IsSuccessStatusCode, said), DocumentContext.Default.HealthDocument);
            }
            else
            {
                session.Screen.Line(said);
            }

            return answer.IsSuccessStatusCode ? ExitCodes.Done : ExitCodes.NotDone;
        }
    }
}

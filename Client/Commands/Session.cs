using System.CommandLine;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Client.Commands;

/// <summary>One run of a command: what was asked, the engine, and where the answer goes.</summary>
internal sealed class Session(ParseResult parsed, TradingEngineClientOptions options, Screen screen)
{
    /// <summary>The command line.</summary>
    public ParseResult Parsed => parsed;

    /// <summary>How to connect.</summary>
    public TradingEngineClientOptions Options => options;

    /// <summary>Where the answer goes.</summary>
    public Screen Screen => screen;

    /// <summary>Connects to the engine.</summary>
    public Task<TradingEngineClient> ConnectAsync(CancellationToken cancellationToken) =>
        TradingEngineClient.ConnectAsync(options, cancellationToken);

    /// <summary>Shows the answer to a command, and gives the exit code it means.</summary>
    public int Answer(string command, CommandResult result)
    {
        if (screen.IsJson)
        {
            screen.Write(new CommandDocument(command, result.Status, result.Reason), DocumentContext.Default.CommandDocument);
        }
        else if (result.IsCompleted)
        {
            screen.Line($"{command}: {(result.Reason.Length > 0 ? result.Reason : result.Status)}");
        }
        else
        {
            screen.Error($"{command} {result.Status}: {result.Reason}");
        }

        return result.IsCompleted ? ExitCodes.Done : ExitCodes.NotDone;
    }

    /// <summary>Makes a command run in a session, and ends it with one line and an exit code, whatever happens.</summary>
    public static void Run(Command command, Func<Session, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = new Screen(GlobalOptions.FormOf(parsed));
            try
            {
                return await run(new Session(parsed, GlobalOptions.ToClientOptions(parsed), screen), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Interrupted;
            }
            catch (UsageException exception)
            {
                screen.Error(exception.Message);
                return ExitCodes.Usage;
            }
            catch (EngineUnreachableException exception)
            {
                screen.Error(exception.Message);
                return ExitCodes.NoEngine;
            }
            catch (TimeoutException exception)
            {
                screen.Error(exception.Message);
                return ExitCodes.TimedOut;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The edge of the program: what a grain throws may be of any type, and people get a line, not a trace.
                screen.Error($"The engine failed: {FirstLine(exception.Message)}");
                return ExitCodes.NotDone;
            }
        });

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];
}

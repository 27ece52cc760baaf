using System.CommandLine;
using System.Text;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Client.Commands;

/// <summary>The commands on what the engine trades by: show, diff, apply, schema.</summary>
internal static class ConfigCommands
{
    private const string Name = "config";
    private const string StandardInput = "-";

    /// <summary>The command with what stands under it.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            Name, "Shows what the engine trades by (limits, sizes, instruments, policies), compares a file with it, and applies one while it runs.",
            "config show", "config show --output json > engine.json", "config diff engine.json", "config apply engine.json --reason \"new desk limits\"");
        command.Subcommands.Add(Show());
        command.Subcommands.Add(Diff());
        command.Subcommands.Add(Apply());
        command.Subcommands.Add(Schema());
        return command;
    }

    private static TaughtCommand Show()
    {
        var silo = new Option<bool>("--silo") { Description = "What the silo that answers was started with instead: another one takes a restart." };
        var command = new TaughtCommand(
            "show", "Shows every value with where it comes from; as JSON in the form that apply takes.",
            "config show", "config show --output json", "config show --silo");
        command.Options.Add(silo);
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            var view = await client.GetConfigurationAsync(cancellation);
            if (session.Parsed.GetValue(silo))
            {
                ShowSettings(session.Screen, view);
            }
            else if (session.Screen.IsCsv)
            {
                WriteValues(session.Screen, view);
            }
            else if (session.Screen.IsJson)
            {
                session.Screen.Line(view.Json);
            }
            else
            {
                ShowValues(session.Screen, view);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static TaughtCommand Diff()
    {
        var file = FileArgument();
        var command = new TaughtCommand(
            "diff", "Says what applying a file would change, and every reason against it; changes nothing.", "config diff engine.json");
        command.Arguments.Add(file);
        Session.Run(command, async (session, cancellation) =>
        {
            var json = await ReadAsync(session.Parsed.GetValue(file)!, cancellation);
            await using var client = await session.ConnectAsync(cancellation);
            var view = await client.GetConfigurationAsync(cancellation);
            return Answer(session, "diff", await client.ApplyConfigurationAsync(
                new ConfigurationChange(json, session.Options.Source) { BasedOn = view.Version, IsTrial = true }, cancellation));
        });
        return command;
    }

    private static TaughtCommand Apply()
    {
        var file = FileArgument();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking; needed where nobody can be asked, as in a script." };
        var trial = new Option<bool>("--dry-run") { Description = "Only say what would be changed, or why it would be refused." };
        var reason = new Option<string>("--reason") { Description = "Why, for those who come after.", HelpName = "text" };
        var command = new TaughtCommand(
            "apply",
            "Lets the whole cluster trade by a file from now on, over restarts too. What the file does not say is as by default. It is refused as a "
            + "whole with every error, and where its \"version\" is not the one that stands.",
            "config apply engine.json --reason \"new desk limits\"", "config apply engine.json --dry-run", "config apply engine.json --yes --output json");
        command.Arguments.Add(file);
        command.Options.Add(yes);
        command.Options.Add(trial);
        command.Options.Add(reason);
        Session.Run(command, (session, cancellation) => ApplyAsync(
            session, session.Parsed.GetValue(file)!, session.Parsed.GetValue(yes), session.Parsed.GetValue(trial),
            session.Parsed.GetValue(reason), cancellation));
        return command;
    }

    private static TaughtCommand Schema()
    {
        var command = new TaughtCommand("schema", "Prints the JSON schema of such a file; it needs no engine.", "config schema > config.json");
        Session.Run(command, (session, _) =>
        {
            session.Screen.Line(Encoding.UTF8.GetString(ConfigurationSchema.Write()).TrimEnd());
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static async Task<int> ApplyAsync(
        Session session, string file, bool isMeant, bool isTrial, string? reason, CancellationToken cancellation)
    {
        if (!isMeant && !isTrial && (!session.Screen.CanAsk || file == StandardInput))
        {
            throw new UsageException("This changes what the engine trades by, and nobody can be asked. Add --yes to do it.");
        }

        var json = await ReadAsync(file, cancellation);
        await using var client = await session.ConnectAsync(cancellation);
        var view = await client.GetConfigurationAsync(cancellation);

        // What is asked about is what is applied: a change by somebody else between the two is refused.
        var change = new ConfigurationChange(json, session.Options.Source)
        {
            BasedOn = ConfigurationReader.Read(Encoding.UTF8.GetBytes(json)).Version ?? view.Version, Reason = reason, IsTrial = true,
        };
        var tried = await client.ApplyConfigurationAsync(change, cancellation);
        if (isTrial || !tried.Answer.IsCompleted || tried.Changes.IsEmpty)
        {
            return Answer(session, "apply", tried);
        }

        if (!isMeant)
        {
            foreach (var line in tried.Changes)
            {
                session.Screen.Error($"  {line}");
            }

            if (!await session.Screen.AskAsync($"Change {tried.Changes.Length} values of the engine at {session.Options.Gateway}?", cancellation))
            {
                session.Screen.Error("Nothing was done.");
                return ExitCodes.NotDone;
            }
        }

        return Answer(session, "apply", await client.ApplyConfigurationAsync(change with { IsTrial = false }, cancellation));
    }

    private static int Answer(Session session, string command, ConfigurationResult result)
    {
        var (screen, answer) = (session.Screen, result.Answer);
        if (screen.IsJson)
        {
            screen.Write(ConfigurationResultDocument.Of(command, result), DocumentContext.Default.ConfigurationResultDocument);
        }
        else
        {
            foreach (var change in result.Changes)
            {
                screen.Line($"  {change}");
            }

            if (answer.IsCompleted)
            {
                screen.Line($"{command}: {answer.Reason}");
            }
        }

        if (!answer.IsCompleted)
        {
            screen.Error($"{command} {answer.Status}: {answer.Reason}");
            foreach (var error in result.Errors)
            {
                screen.Error($"  {error}");
            }
        }

        return answer.IsCompleted ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static void ShowValues(Screen screen, ConfigurationView view)
    {
        screen.Line(view.Time is { } time
            ? $"Version {view.Version}, {(view.IsApplied ? "applied" : "as started")} by {view.By} at {time:yyyy-MM-dd HH:mm:ss} UTC"
                + (view.Reason.Length > 0 ? $": {view.Reason}" : "")
            : "No version in the store yet: as the silo that answers was started");
        var table = new TextTable(new Column("Value of"), new Column("Is"), new Column("From", 2));
        foreach (var value in view.Values)
        {
            table.Add(value.Path, value.Value, value.Origin);
        }

        screen.Show(table);
    }

    private static void WriteValues(Screen screen, ConfigurationView view) => screen.Write(
        new StartSettingsDocument([.. view.Values.Select(value => new StartSettingDocument(value.Path, value.Value, value.Origin))]),
        DocumentContext.Default.StartSettingsDocument);

    private static void ShowSettings(Screen screen, ConfigurationView view)
    {
        if (screen.IsJson)
        {
            screen.Write(
                new StartSettingsDocument([.. view.Settings.Select(setting => new StartSettingDocument(setting.Name, setting.Value, setting.Origin))]),
                DocumentContext.Default.StartSettingsDocument);
            return;
        }

        var table = new TextTable(new Column("Setting"), new Column("Is"), new Column("From", 2));
        foreach (var setting in view.Settings)
        {
            table.Add(setting.Name, setting.Value, setting.Origin);
        }

        screen.Show(table);
    }

    private static Argument<string> FileArgument() => new("file") { Description = $"The JSON file; {StandardInput} reads standard input." };

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        if (file == StandardInput)
        {
            return await Console.In.ReadToEndAsync(cancellation);
        }

        if (!File.Exists(file))
        {
            throw new UsageException($"There is no file {Path.GetFullPath(file)}.");
        }

        return new FileInfo(file).Length > ConfigurationReader.MaxBytes
            ? throw new UsageException($"{file} is larger than {ConfigurationReader.MaxBytes} bytes.")
            : await File.ReadAllTextAsync(file, cancellation);
    }
}

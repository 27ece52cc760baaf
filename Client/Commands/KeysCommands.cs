using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TradingEngine.Client.Keys;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Client.Commands;

/// <summary>Keys of the HTTP API, and keys that sign commands: made, listed, rotated and revoked in their file, without a silo.</summary>
internal static class KeysCommands
{
    private const string ApiFile = "api.keys";
    private const string CommandFile = "command.keys";
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3_660);

    private static readonly string[] s_roles = [.. Enum.GetNames<Role>().Select(name => name.ToLowerInvariant())];

    /// <summary>The commands.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            "keys", "Makes and revokes keys of the HTTP API, and keys that sign commands. A silo follows a change of its API keys within 2 s.",
            "keys create --name desk --role trader --expires 90d", "keys list", "keys rotate desk --overlap 1d", "keys revoke desk");
        command.Subcommands.Add(New());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Rotate());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static TaughtCommand New()
    {
        var name = new Option<string>("--name") { Description = "Who it is for, as it is audited.", HelpName = "name", Required = true };
        var role = new Option<string>("--role") { Description = "viewer, trader, risk or admin: each may do what those before it may.", HelpName = "role", Required = true };
        role.AcceptOnlyFromAmong(s_roles);
        var expires = Life("--expires", "How long it is good for, such as 90d or 12h. Default: until it is revoked.");
        var command = new TaughtCommand(
            "create", "Makes a key, prints it once, and adds its line to the file: its hash, or of one that signs commands the secret.",
            "keys create --name desk --role trader --expires 90d", "keys create --commands --name ops --role risk");
        var file = FileOptions(command, name, role, expires);
        Session.Run(command, (session, _) =>
        {
            var who = session.Parsed.GetValue(name)!;
            if (!ApiKey.IsName(who))
            {
                throw new UsageException($"--name is '{who}'; use 1 to 64 letters, digits, '-', '_' and '.'.");
            }

            var (path, holdsSecrets) = file(session);
            var keys = new KeyFile(path, holdsSecrets).Check();
            var key = keys.Add(who, Enum.Parse<Role>(session.Parsed.GetValue(role)!, ignoreCase: true), EndOf(session, expires));
            keys.Save();
            session.Screen.Error($"A key for {who} is in {path}. It is shown this once:");
            session.Screen.Line(key);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static TaughtCommand List()
    {
        var command = new TaughtCommand("list", "Lists the keys of a file, without anything that could be used as one.", "keys list", "keys list --file /etc/trading-engine/api.keys");
        var file = FileOptions(command);
        Session.Run(command, (session, _) =>
        {
            var (path, holdsSecrets) = file(session);
            var now = TimeProvider.System.GetUtcNow();
            ImmutableArray<KeyDocument> keys = [.. new KeyFile(path, holdsSecrets).Check().Keys.Select(key => new KeyDocument(
                key.Name, key.Role.ToString().ToLowerInvariant(), holdsSecrets ? key.Name : key.Id, key.Expires, key.Stands(now)))];
            if (session.Screen.IsJson)
            {
                session.Screen.Write(new KeysDocument(keys), DocumentContext.Default.KeysDocument);
                return Task.FromResult(ExitCodes.Done);
            }

            var table = new TextTable(new("Name"), new("Role"), new("Id"), new("Ends"), new("State"));
            foreach (var key in keys)
            {
                table.Add(
                    key.Name, key.Role, key.Id, key.Ends?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "never",
                    key.Stands ? "in force" : "ended");
            }

            session.Screen.Show(table);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static TaughtCommand Rotate()
    {
        var name = new Argument<string>("name") { Description = "Whose key." };
        var overlap = Life("--overlap", "How long the keys before it are good for still. Default: 1d.");
        var command = new TaughtCommand(
            "rotate", "Makes another key of the same name and role, and lets those before it end after a while.", "keys rotate desk --overlap 1d");
        command.Arguments.Add(name);
        var file = FileOptions(command, overlap);
        Session.Run(command, (session, _) =>
        {
            var who = session.Parsed.GetValue(name)!;
            var (path, holdsSecrets) = file(session);
            if (holdsSecrets)
            {
                throw new UsageException("A signature names its key, so keys that sign have names of their own: create one, then revoke the other.");
            }

            var keys = new KeyFile(path, holdsSecrets).Check();
            if (keys.Keys.LastOrDefault(key => key.Name == who) is not { } newest)
            {
                return Task.FromResult(session.Answer("rotate", new CommandResult("rejected", $"{path} has no key of {who}")));
            }

            var at = EndOf(session, overlap) ?? TimeProvider.System.GetUtcNow().AddDays(1);
            keys.End(key => key.Name == who, at);
            var made = keys.Add(who, newest.Role, null);
            keys.Save();
            session.Screen.Error($"A further key for {who} is in {path}; those before it end at {at:yyyy-MM-dd HH:mm} UTC. It is shown this once:");
            session.Screen.Line(made);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static TaughtCommand Revoke()
    {
        var name = new Argument<string>("name") { Description = "Whose key." };
        var id = new Option<string>("--id") { Description = "One of several keys of that name, by its id in the list. Default: all of them.", HelpName = "id" };
        var command = new TaughtCommand("revoke", "Takes keys out of the file.", "keys revoke desk", "keys revoke desk --id 9f86d081884c");
        command.Arguments.Add(name);
        var file = FileOptions(command, id);
        Session.Run(command, (session, _) =>
        {
            var (who, which) = (session.Parsed.GetValue(name)!, session.Parsed.GetValue(id));
            var (path, holdsSecrets) = file(session);
            var keys = new KeyFile(path, holdsSecrets).Check();
            var count = keys.Remove(key => key.Name == who && (which is null || key.Id == which));
            if (count > 0)
            {
                keys.Save();
            }

            return Task.FromResult(session.Answer("revoke", count == 0
                ? new CommandResult("rejected", $"{path} has no such key of {who}")
                : new CommandResult("completed", $"{count} {(count == 1 ? "key" : "keys")} of {who} taken out of {path}")));
        });
        return command;
    }

    private static Func<Session, (string Path, bool HoldsSecrets)> FileOptions(Command command, params Option[] others)
    {
        var file = new Option<string>("--file") { Description = $"The file. Default: {ApiFile}, with --commands {CommandFile}.", HelpName = "file" };
        var commands = new Option<bool>("--commands") { Description = "Keys that sign commands on the agents' queue, not keys of the HTTP API." };
        foreach (var option in others.Concat([file, commands]))
        {
            command.Options.Add(option);
        }

        return session =>
        {
            var holdsSecrets = session.Parsed.GetValue(commands);
            return (session.Parsed.GetValue(file) ?? (holdsSecrets ? CommandFile : ApiFile), holdsSecrets);
        };
    }

    private static Option<string> Life(string name, string description) => new(name) { Description = description, HelpName = "time" };

    private static DateTimeOffset? EndOf(Session session, Option<string> option)
    {
        if (session.Parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        var isNumber = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var life = (isNumber, text.LastOrDefault()) switch
        {
            (true, 'd') when number <= LongestLife.TotalDays => TimeSpan.FromDays(number),
            (true, 'h') when number <= LongestLife.TotalHours => TimeSpan.FromHours(number),
            (true, 'm') when number <= LongestLife.TotalMinutes => TimeSpan.FromMinutes(number),
            _ => TimeSpan.Zero,
        };
        return life > TimeSpan.Zero
            ? TimeProvider.System.GetUtcNow() + life
            : throw new UsageException($"{option.Name} is '{text}'; use days, hours or minutes such as 90d, 12h or 30m.");
    }
}

using System.CommandLine;
using TradingEngine.Client.Output;

namespace TradingEngine.Client.Commands;

/// <summary>Prints what makes a shell complete commands and options; the client itself answers what fits.</summary>
internal static class CompletionCommand
{
    private const string DefaultName = "client";
    private const string Bash = "bash";
    private const string Zsh = "zsh";
    private const string Fish = "fish";

    // The line is handed on as it stands, with where the cursor is in it.
    private const string BashScript = """
        _NAME_complete() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(NAME "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _NAME_complete NAME
        """;

    private const string ZshScript = """
        _NAME_complete() {
          local found=("${(@f)$(NAME "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a found
        }
        compdef _NAME_complete NAME
        """;

    private const string FishScript = """
        complete -c NAME -f -a '(NAME "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"{Bash}, {Zsh} or {Fish}." };
        shell.AcceptOnlyFromAmong(Bash, Zsh, Fish);
        var name = new Option<string>("--name")
        {
            Description = "What you call the client by: a program on the PATH, or an alias.",
            DefaultValueFactory = _ => DefaultName,
        };
        name.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (text.Length == 0 || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
            {
                result.AddError($"--name is '{text}', which no shell can complete; use letters, digits, '-', '_' and '.'.");
            }
        });
        var command = new TaughtCommand(
            "completion", "Prints a script that makes a shell complete commands and options.",
            "completion bash", "completion bash --name client > ~/.local/share/bash-completion/completions/client");
        command.Arguments.Add(shell);
        command.Options.Add(name);
        Session.Run(command, (session, _) =>
        {
            Print(session.Screen, session.Parsed.GetValue(shell)!, session.Parsed.GetValue(name)!);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static void Print(Screen screen, string shell, string name)
    {
        var script = shell switch
        {
            Bash => BashScript,
            Zsh => ZshScript,
            _ => FishScript,
        };
        screen.Line(script.Replace("NAME", name, StringComparison.Ordinal));
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TradingEngine.Client.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class TaughtCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>What follows the program's name.</summary>
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The usual help, then examples, and for the root the exit codes.</summary>
internal sealed class TeachingHelp(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    private const string Program = "dotnet run --project Client --";

    private const string Codes = """
        Exit codes:
          0  done
          1  not done: the engine refused or failed, or you said no
          2  wrong usage
          3  no engine answers, or no Redis
          4  the engine did not answer in time; the outcome is not known
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        var examples = command is TaughtCommand taught ? taught.Examples : rootExamples;
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {Program} {example}");
        }

        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine(Codes);
        }

        return code;
    }
}

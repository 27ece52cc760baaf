using System.CommandLine;
using System.CommandLine.Parsing;

namespace TradingEngine.Silo.Hosting;

/// <summary>A setting: an option, an environment variable and a key of appsettings.json.</summary>
/// <param name="Name">Option without dashes, such as <c>silo-port</c>.</param>
/// <param name="Default">Value when it is given nowhere.</param>
/// <param name="Help">What it does.</param>
/// <param name="Range">What it may be, where <paramref name="Help"/> does not say it.</param>
internal sealed record Setting(string Name, string Default, string Help, string Range = "")
{
    /// <summary>True where its value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True where it counts only until somebody applied a configuration: it is a part of what the engine trades by.</summary>
    public bool IsTradedBy { get; init; }

    /// <summary>Environment variable, such as <c>TRADING_ENGINE_SILO_PORT</c>.</summary>
    public string Variable => "TRADING_ENGINE_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>Key in appsettings.json, such as <c>TradingEngine:SiloPort</c>.</summary>
    public string Key => "TradingEngine:" + string.Concat(Name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}

/// <summary>Finds the value of each setting: the option, else the variable, else the file, else the default.</summary>
internal sealed class SettingSource(ParseResult parsed, IReadOnlyDictionary<Setting, Option<string>> options, IConfiguration file)
{
    private readonly HashSet<Setting> _wrong = [];

    /// <summary>appsettings.json.</summary>
    public IConfiguration File => file;

    /// <summary>Everything that is wrong, in the order it was found.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Notes what is wrong, so that all of it can be told at once; the value given back is not used.</summary>
    public T Wrong<T>(Setting setting, string message)
    {
        _wrong.Add(setting);
        Errors.Add(message);
        return default!;
    }

    /// <summary>What a reader gives, which throws where something is wrong.</summary>
    public T Try<T>(Setting setting, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SettingsException exception)
        {
            return Wrong<T>(setting, exception.Message);
        }
    }

    /// <summary>True where one of them was wrong: what they mean together cannot be said.</summary>
    public bool IsWrong(params ReadOnlySpan<Setting> settings)
    {
        foreach (var setting in settings)
        {
            if (_wrong.Contains(setting))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value and where it came from, for messages.</summary>
    public (string Value, string Origin) Find(Setting setting)
    {
        if (parsed.GetResult(options[setting]) is OptionResult { Implicit: false })
        {
            return (parsed.GetValue(options[setting]) ?? "", "--" + setting.Name);
        }

        if (Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 } variable)
        {
            return (variable, setting.Variable);
        }

        return file[setting.Key] is { Length: > 0 } value
            ? (value, setting.Key + " in appsettings.json")
            : (setting.Default, "--" + setting.Name);
    }

    /// <summary>Names and values of a section of the file.</summary>
    public IEnumerable<(string Name, string Value)> Section(string key) =>
        file.GetSection(key).GetChildren().Select(child => (child.Key, child.Value ?? ""));

    /// <summary>True when it was given somewhere.</summary>
    public bool IsGiven(Setting setting) =>
        parsed.GetResult(options[setting]) is OptionResult { Implicit: false }
        || Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 }
        || file[setting.Key] is { Length: > 0 };
}

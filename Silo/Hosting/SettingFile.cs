using System.Globalization;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads appsettings.json: the one beside the program, and over it the one where the user stands.</summary>
internal static class SettingFile
{
    private const string Name = "appsettings.json";
    private const string Section = "TradingEngine";

    /// <param name="keys">Keys that may be set; one of them may also be a section.</param>
    /// <param name="errors">Gets the keys of the engine that are none.</param>
    /// <exception cref="SettingsException">A file is no JSON.</exception>
    public static IConfiguration Read(IReadOnlyList<string> keys, ICollection<string> errors)
    {
        var builder = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, Name), optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, Name), optional: true);
        IConfiguration file;
        try
        {
            file = builder.Build();
        }
        catch (InvalidDataException exception)
        {
            throw new SettingsException(string.Create(CultureInfo.InvariantCulture,
                $"{Name} cannot be read: {(exception.InnerException ?? exception).Message}"), exception);
        }

        foreach (var child in file.GetSection(Section).GetChildren())
        {
            if (!keys.Contains(child.Path, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(
                    $"{child.Path} in {Name} is no setting; use one of "
                    + string.Join(", ", keys.Select(key => key[(Section.Length + 1)..]).Order(StringComparer.Ordinal)));
            }
        }

        return file;
    }
}

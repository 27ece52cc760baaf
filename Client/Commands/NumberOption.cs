using System.CommandLine;
using System.Globalization;

namespace TradingEngine.Client.Commands;

/// <summary>Options that take a number in a range, and say so when they get something else.</summary>
internal static class NumberOption
{
    /// <summary>Any decimal number within the range.</summary>
    public static Option<decimal?> Create(string name, string description, string helpName, decimal least, decimal most) =>
        Create<decimal?>(name, description, helpName, least, most, NumberStyles.Float, static number => number);

    /// <summary>A whole number within the range.</summary>
    public static Option<int?> CreateWhole(string name, string description, string helpName, int least, int most) =>
        Create<int?>(name, description, helpName, least, most, NumberStyles.AllowLeadingSign, static number => (int)number);

    private static Option<T> Create<T>(
        string name, string description, string helpName, decimal least, decimal most, NumberStyles styles,
        Func<decimal, T> convert) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
            {
                return convert(number);
            }

            result.AddError(FormattableString.Invariant($"{name} is {text}; it must be a number from {least} to {most}."));
            return default!;
        },
    };
}

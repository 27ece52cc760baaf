using System.Collections.Immutable;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>Nothing beyond stop, target and time.</summary>
public sealed class PlainExit : IExitRule
{
    /// <inheritdoc/>
    public string Name => "generic";

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, decimal> Defaults => ImmutableSortedDictionary<string, decimal>.Empty;

    /// <inheritdoc/>
    public bool DependsOnOpening => false;

    /// <inheritdoc/>
    public string? Refuse(IReadOnlyDictionary<string, decimal> parameters) => null;

    /// <inheritdoc/>
    public IExitWatch? Watch(ExitContext context) => null;
}

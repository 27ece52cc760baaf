namespace TradingEngine.Grains.Hosting;

/// <summary>
/// References to grains of one interface by their keys. <c>GetGrain</c> reads the attributes of the interface anew at every call, which is dear
/// where each fill asks; here they are read once. Thread-safe.
/// </summary>
public sealed class GrainReferences<TGrain>(IGrainFactory grains)
    where TGrain : class, IGrainWithStringKey
{
    private volatile Kind? _kind;

    /// <summary>The grain of a key, as <c>GetGrain</c> gives it.</summary>
    public TGrain Of(string key)
    {
        if (_kind is { } kind)
        {
            return (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);
        }

        var first = grains.GetGrain<TGrain>(key);
        var reference = (GrainReference)(object)first;
        _kind = new Kind(reference.GrainId.Type, reference.InterfaceType);
        return first;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}

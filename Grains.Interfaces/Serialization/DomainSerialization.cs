using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace TradingEngine.Grains.Interfaces.Serialization;

/// <summary>
/// Lets the types of <c>Trading</c>, which know nothing of Orleans, travel between grains: as JSON between silos, by
/// reference within one, since they are immutable.
/// </summary>
public static class DomainSerialization
{
    private const string DomainNamespace = "TradingEngine.Trading";

    /// <summary>Adds the codec and the copier.</summary>
    public static ISerializerBuilder AddTradingTypes(this ISerializerBuilder builder)
    {
        // The JSON codec would copy as well, by writing and reading again.
        builder.AddJsonSerializer(
            isSerializable: IsDomainType, isCopyable: static _ => false,
            options => options.Configure(codec => codec.SerializerOptions = DomainJson.Options));
        builder.Services.AddSingleton<IGeneralizedCopier, DomainCopier>();
        return builder;
    }

    /// <summary>True for a type of the domain.</summary>
    public static bool IsDomainType(Type type) =>
        type.Namespace?.StartsWith(DomainNamespace, StringComparison.Ordinal) == true && !type.IsEnum;

    private sealed class DomainCopier : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsDomainType(type);

        [return: NotNullIfNotNull(nameof(input))]
        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}

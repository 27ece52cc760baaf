using Microsoft.AspNetCore.Builder;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Security;

/// <summary>The least role an endpoint takes.</summary>
internal sealed record RequiredRole(Role Role);

/// <summary>An endpoint that anybody may ask: health, and the panel's own files, which say nothing of the engine.</summary>
internal sealed record OpenToAll;

/// <summary>An endpoint of agents, which ask more often than people command.</summary>
internal sealed record CarriesMessages;

/// <summary>Who may ask an endpoint. One that says nothing is closed.</summary>
internal static class RoleExtensions
{
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Role role) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequiredRole(role));

    public static TBuilder IsOpen<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new OpenToAll());

    public static TBuilder ForMessages<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new CarriesMessages());

    private static TBuilder WithMetadata<TBuilder>(this TBuilder builder, object metadata) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(metadata));
        return builder;
    }
}

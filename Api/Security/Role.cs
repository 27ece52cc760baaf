using Microsoft.AspNetCore.Builder;

namespace TradingEngine.Api.Security;

/// <summary>What a caller may do; each may do what those before it may.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer = 1,

    /// <summary>Closes, pauses, halts, kills, sends signals.</summary>
    Trader = 2,

    /// <summary>Lets risk be taken again: start, stop, resume, reset, unhalt; dead letters.</summary>
    Risk = 3,

    /// <summary>Changes what the engine trades by, and what it logs.</summary>
    Admin = 4,
}

/// <summary>The least role an endpoint takes.</summary>
internal sealed record RequiredRole(Role Role);

/// <summary>An endpoint that anybody may ask: health, and the panel's own files, which say nothing of the engine.</summary>
internal sealed record OpenToAll;

/// <summary>Who may ask an endpoint. One that says nothing is closed.</summary>
internal static class RoleExtensions
{
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Role role) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequiredRole(role));

    public static TBuilder IsOpen<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new OpenToAll());

    private static TBuilder WithMetadata<TBuilder>(this TBuilder builder, object metadata) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(metadata));
        return builder;
    }
}

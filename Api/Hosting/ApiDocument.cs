using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>What the OpenAPI document says beyond what the endpoints say of themselves: names, roles, and how requests fail.</summary>
internal static class ApiDocument
{
    /// <summary>Version of the API, and name of the document.</summary>
    public const string Version = "v1";

    private const string Scheme = "key";
    private const string Problem = "ProblemDetails";
    private const string ProblemType = "application/problem+json";

    private static readonly (int Status, string What)[] s_failures =
    [
        (400, "The request cannot be understood; the detail names what, its value and what it may be."),
        (401, "A key is needed, or the one given is not known or has ended."),
        (403, "The key's role may not do this, or the request comes from a foreign page."),
        (429, "Too many requests, or too many wrong keys; Retry-After says how long to wait."),
        (503, "The engine is not ready, or its store does not answer."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "TradingEngine", Version = Version,
                Description = "Status, commands, agents' queues and events of the trading engine. Names are a contract: they are added to, never changed. "
                    + "What is not known is null, never 0. Times are UTC. Numbers are exact decimals.",
            };

            // It is where it was asked for.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer",
                    Description = "An API key; none is needed where the silo was started without --api-keys.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var description = context.Description;
        operation.OperationId = NameOf(description.HttpMethod ?? "GET", description.RelativePath ?? "");
        var role = description.ActionDescriptor.EndpointMetadata.OfType<RequiredRole>().LastOrDefault();
        operation.Description = role is null ? "Needs no key." : $"Role: {Words.Of(role.Role)}.";
        if (context.Document is not { } document)
        {
            return;
        }

        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        if (!document.Components.Schemas.ContainsKey(Problem))
        {
            document.AddComponent(Problem, await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellation));
        }

        operation.Responses ??= [];
        foreach (var (status, what) in s_failures)
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = what,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemType] = new() { Schema = new OpenApiSchemaReference(Problem, document) },
                },
            });
        }
    }

    /// <summary>The operation's name, such as <c>postCommandsKill</c>: for those who generate clients.</summary>
    private static string NameOf(string method, string path)
    {
        var name = new StringBuilder(method.ToLowerInvariant());
        foreach (var word in path.Split(['/', '{', '}', '-'], StringSplitOptions.RemoveEmptyEntries).Where(word => word != Version))
        {
            name.Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
        }

        return name.ToString();
    }
}

using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>The panel's files, from within the assembly.</summary>
internal static class Panel
{
    private const string Folder = "wwwroot/";
    private const string Index = "index.html";
    private static readonly FrozenDictionary<string, PanelFile> s_files = Read();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext context) => Serve(context, Index)).IsOpen().ExcludeFromDescription();
        foreach (var name in s_files.Keys.Where(name => name != Index))
        {
            app.MapGet("/" + name, (HttpContext context) => Serve(context, name)).IsOpen().ExcludeFromDescription();
        }
    }

    private static IResult Serve(HttpContext context, string name)
    {
        var file = s_files[name];
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, PanelFile> Read()
    {
        var assembly = typeof(Panel).Assembly;
        return assembly.GetManifestResourceNames().Select(name => (Name: name.Replace('\\', '/'), Resource: name))
            .Where(entry => entry.Name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(entry => entry.Name[Folder.Length..], entry => PanelFile.Of(entry.Name, Load(assembly, entry.Resource)), StringComparer.Ordinal);
    }

    private static byte[] Load(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private sealed record PanelFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag)
    {
        public static PanelFile Of(string name, byte[] content) => new(
            content, TypeOf(Path.GetExtension(name)), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));

        private static string TypeOf(string extension) => extension switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
    }
}

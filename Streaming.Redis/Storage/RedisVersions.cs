namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Releases of Redis with a fix that matters to who lets others log in.</summary>
internal static class RedisVersions
{
    /// <summary>First release of each line with the fix of CVE-2025-49844: who may run scripts may run code in the server.</summary>
    private static readonly Version[] s_fixed = [new(6, 2, 20), new(7, 2, 11), new(7, 4, 6), new(8, 0, 4), new(8, 2, 2)];

    /// <summary>What a release lacks, in words; null where it has all of it. A line without a fixed release lacks it as a whole.</summary>
    public static string? MissingFix(Version version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var line = s_fixed.FirstOrDefault(found => found.Major == version.Major && found.Minor == version.Minor);
        var isFixed = line is null ? version > s_fixed[^1] : version >= line;
        return isFixed ? null : $"CVE-2025-49844, fixed in {string.Join(", ", s_fixed.Select(found => found.ToString()))}";
    }
}

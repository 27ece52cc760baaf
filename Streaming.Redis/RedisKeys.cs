using System.Text.RegularExpressions;

namespace TradingEngine.Streaming.Redis;

/// <summary>
/// Every key, field and fixed word this project puts into Redis. The keys of a partition share one hash tag, so that one
/// script may touch them together.
/// </summary>
internal sealed partial class RedisKeys
{
    /// <summary>Partition whose lists and hashes have the names agents know, without a tag.</summary>
    public const string FirstPartition = "0";

    /// <summary>Control hash of the first partition, and the number of partitions of this Redis: accounts spread over two numbers of
    /// them would be held twice.</summary>
    public const string FirstControl = FirstRoot + "control", PartitionsKey = "te:partitions";

    private const string FirstRoot = "te:{" + FirstPartition + "}:";

    /// <summary>Consumer group of the engine on each stream it reads.</summary>
    public const string Group = "engine";

    /// <summary>Field of a record's hash: its version.</summary>
    public const string VersionField = "v";

    /// <summary>Field of a record's hash: its content.</summary>
    public const string RecordDataField = "d";

    /// <summary>Field of a counter group: its version.</summary>
    public const string CounterVersionField = "_v";

    /// <summary>Field of a counter group: the newest fence token.</summary>
    public const string FenceField = "_fence";

    /// <summary>Fields of the control hash.</summary>
    public const string EpochField = "epoch", ModeField = "mode", ModeVersionField = "modev", ReasonField = "reason";

    /// <summary>Field of the control hash of a store that was initialised by hand: the epoch of the lost store it stands in for,
    /// or <see cref="AnyEpoch"/> until the first silo has opened it.</summary>
    public const string ReplacesField = "replaces", AnyEpoch = "*";

    /// <summary>Fields of the control hash: version of the order protocol, number of partitions, how often a silo looked after the store.</summary>
    public const string ProtocolField = "protocol", PartitionsField = "partitions", LooksField = "looks";

    /// <summary>Version of the order protocol: what silos of one store must agree on. It rises when an earlier silo would misread, or write
    /// wrongly, what this one keeps; silos of two versions never write to one store.</summary>
    public const string OrderProtocol = "1";

    /// <summary>Field of a stream entry that carries the message.</summary>
    public const string DataField = "data";

    /// <summary>Version of the stream format, and the sender named in it.</summary>
    public const string StreamVersion = "1", StreamSource = "trading_engine";

    private readonly string _root;
    private readonly bool _isFirst;
    private readonly IReadOnlyList<string> _common;

    /// <param name="partition">The partition.</param>
    /// <param name="common">How names begin that mean the same key in every partition.</param>
    public RedisKeys(string partition, IReadOnlyList<string>? common = null)
    {
        if (!PartitionName().IsMatch(partition))
        {
            throw new ArgumentException(
                $"'{partition}' is no partition name: 1 to 32 letters, digits, '-' or '_'.", nameof(partition));
        }

        _root = $"te:{{{partition}}}:";
        _isFirst = partition == FirstPartition;
        _common = common ?? [];
        RecordPrefix = _root + "rec:";
        IndexPrefix = _root + "idx:";
        IndexLogPrefix = _root + "idxlog:";
        CounterPrefix = _root + "ctr:";
        Control = _root + "control";
        Halts = _root + "halts";
        IndexVersions = _root + "idxv";
        CounterGroups = _root + "ctrs";
        Audit = _root + "audit";
    }

    /// <summary>Followed by the record's key: hash of version and content.</summary>
    public string RecordPrefix { get; }

    /// <summary>Followed by the index's name: hash of its entries.</summary>
    public string IndexPrefix { get; }

    /// <summary>Followed by the index's name: stream of the fields that changed, its ids being the index's versions.</summary>
    public string IndexLogPrefix { get; }

    /// <summary>Followed by the group's name: hash of its counters, version and fence.</summary>
    public string CounterPrefix { get; }

    /// <summary>The key behind a name of the wire: in the first partition the name itself, in another one the name under its tag.</summary>
    public string Named(string name) =>
        _isFirst || _common.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal)) ? name
        : name.StartsWith(FirstRoot, StringComparison.Ordinal) ? string.Concat(_root, name.AsSpan(FirstRoot.Length))
        : _root + name;

    /// <summary>Hash of epoch, protocol, partitions, mode, mode version and reason.</summary>
    public string Control { get; }

    /// <summary>Hash of reasons by scope.</summary>
    public string Halts { get; }

    /// <summary>Hash of index versions.</summary>
    public string IndexVersions { get; }

    /// <summary>Set of the names of counter groups.</summary>
    public string CounterGroups { get; }

    /// <summary>Stream of audit lines.</summary>
    public string Audit { get; }

    /// <summary>Internal stream of a queue that agents see as a list.</summary>
    public string Internal(string queue) => _root + "in:" + queue;

    /// <summary>The stream of a queue on the streams transport.</summary>
    public string Stream(string queue) => _root + queue;

    /// <summary>List that holds what a blocking move took until it is drained.</summary>
    public string Wake(string listKey) => _root + "wake:" + listKey;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}\\z")]
    private static partial Regex PartitionName();
}

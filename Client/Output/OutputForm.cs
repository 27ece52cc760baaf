namespace TradingEngine.Client.Output;

/// <summary>What stdout carries.</summary>
internal enum OutputForm
{
    /// <summary>Tables and lines for people.</summary>
    Table = 1,

    /// <summary>One JSON document.</summary>
    Json = 2,

    /// <summary>The same document as comma-separated values.</summary>
    Csv = 3,
}

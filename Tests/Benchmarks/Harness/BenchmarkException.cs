namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>The benchmark could not be carried out; the message tells the user what to do about it.</summary>
public sealed class BenchmarkException : Exception
{
    public BenchmarkException() { }

    public BenchmarkException(string message) : base(message) { }

    public BenchmarkException(string message, Exception inner) : base(message, inner) { }
}

using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("xUnit", "xUnit1051", Scope = "module",
    Justification = "Every wait of these tests has a deadline of its own.")]

using Xunit.Sdk;
using Xunit.v3;

// They share two processors with silos and browsers, and one of them measures frames.
[assembly: Parallelization(Mode = ParallelMode.None)]

using Xunit.Sdk;
using Xunit.v3;

// torch.random is one global generator, and torch uses every core by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]

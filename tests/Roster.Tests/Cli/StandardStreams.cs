using Roster.Cli;
using Xunit;

namespace Roster.Tests.Cli;

/// <summary>Runs commands in this process and catches what they print; tests that do so take turns.</summary>
[CollectionDefinition(nameof(StandardStreams), DisableParallelization = true)]
public sealed class StandardStreams
{
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var caughtOutput = new StringWriter();
        using var caughtErrors = new StringWriter();
        Console.SetOut(caughtOutput);
        Console.SetError(caughtErrors);
        try
        {
            return (await CommandLine.RunAsync(args), caughtOutput.ToString(), caughtErrors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}

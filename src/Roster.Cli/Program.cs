using Roster.Cli;
using Roster.Cli.Verbs;

if (args is ["bench", ..])
{
    BenchVerb.BeLean();
}

return await CommandLine.RunAsync(args);

using System.CommandLine;

namespace Roster.Cli.Verbs;

internal static class BenchVerb
{
    public static Command Create() => new("bench", "Loads a server and measures it");
}

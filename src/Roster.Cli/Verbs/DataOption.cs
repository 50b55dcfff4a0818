using System.CommandLine;

namespace Roster.Cli.Verbs;

/// <summary>The flag that names the embedded store's folder, the same on every verb.</summary>
internal static class DataOption
{
    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder of the embedded store (default ./data)",
        HelpName = "DIR",
    };
}

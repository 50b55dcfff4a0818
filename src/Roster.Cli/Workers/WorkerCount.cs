using System.Globalization;
using Roster.Cli.Settings;

namespace Roster.Cli.Workers;

/// <summary>What <c>--workers</c> says.</summary>
internal static class WorkerCount
{
    /// <summary>More than any machine that one node is meant for.</summary>
    public const int Most = 256;

    /// <summary>How many: null without the flag, <c>auto</c> and <c>0</c> for one a processor.</summary>
    /// <exception cref="VerbException">It is no number of workers.</exception>
    public static int? Parse(string? text) => text switch
    {
        null => null,
        "auto" or "0" => Environment.ProcessorCount,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most => number,
        _ => throw VerbException.Usage($"--workers is \"{text}\": write a number from 1 to {Most}, or auto for one a processor."),
    };

    /// <summary>Refuses what several processes cannot share.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="hasEndpoints">Whether <c>Kestrel:Endpoints</c> says where to listen.</param>
    /// <exception cref="SettingsException">They cannot.</exception>
    public static void Check(RosterSettings settings, bool hasEndpoints)
    {
        if (settings.Postgres is null)
        {
            throw new SettingsException(
                "--workers needs PostgreSQL (Roster:Storage postgres): the embedded store is a file that one process owns, so a second worker could not open it. Leave --workers out.");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new SettingsException("--workers needs Linux, whose kernel divides the connections of a port among processes: leave it out, and start several nodes on ports of their own.");
        }

        if (hasEndpoints)
        {
            throw new SettingsException(
                "Kestrel:Endpoints opens sockets that workers cannot share: name the addresses with --urls instead (https:// takes the certificate of Kestrel:Certificates:Default).");
        }
    }
}

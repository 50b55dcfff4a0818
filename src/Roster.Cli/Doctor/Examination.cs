using Roster.Cli.Doctor.Embedded;
using Roster.Cli.Doctor.Postgres;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>All checks, in the order in which their findings help most.</summary>
internal static class Examination
{
    /// <summary>A new check of settings, of the store or of servers has its place here.</summary>
    private static readonly IReadOnlyList<ICheck> Checks =
    [
        new FolderCheck(),
        new HolderCheck(),
        new SchemaCheck(),
        new SoundnessCheck(),
        new ReachCheck(),
        new RoleCheck(),
        new MigrationCheck(),
        new DurabilityCheck(),
        new PoolerCheck(),
        new ConnectionsCheck(),
        new TimeCheck(),
        new DiskUseCheck(),
        new PlacementSecretCheck(),
        new ShardMapCheck(),
        new OwnershipCheck(),
        new KeysCheck(),
        new RedisCheck(),
        new DiskSpaceCheck(),
        new SyncCheck(),
        new ClockCheck(),
        new TlsCheck(),
        new ListenCheck(),
        new ServerCheck(),
    ];

    /// <summary>Examines; a finding as soon as it is known.</summary>
    /// <param name="read">Reads the settings; what is wrong with them is the only finding then.</param>
    /// <param name="server">A server to ask, or null.</param>
    /// <param name="time">Now.</param>
    /// <param name="tell">Takes the findings.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task RunAsync(
        Func<RosterSettings> read, Uri? server, TimeProvider time, Action<Finding> tell, CancellationToken cancellation)
    {
        RosterSettings settings;
        InspectedShards shards;
        try
        {
            settings = read();
            shards = await InspectedShards.OpenAsync(settings, cancellation);
        }
        catch (Exception e) when (e is SettingsException or InvalidDataException or IOException)
        {
            tell(Finding.Wrong(e.Message.ReplaceLineEndings(" ").Trim()));
            return;
        }

        tell(Finding.Ok("The settings can be read."));
        using (shards)
        {
            var patient = new Patient(settings, shards, server, time);
            foreach (var check in Checks)
            {
                foreach (var finding in await check.RunAsync(patient, cancellation))
                {
                    tell(finding);
                }
            }
        }
    }
}

using System.Diagnostics;
using Roster.Lab;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A standby that every commit of a server waits for, and that is not there.</summary>
internal sealed class MissingStandby
{
    private readonly PostgresServer server;
    private readonly Task probing;

    private MissingStandby(PostgresServer server, Task probing) => (this.server, this.probing) = (server, probing);

    /// <summary>Has a server wait for one; the first commit that does goes on until <see cref="ForgetAsync"/>.</summary>
    public static async Task<MissingStandby> RequireAsync(PostgresServer server)
    {
        await PostgresLab.RunAsync(server, "CREATE TABLE probe ()");
        await PostgresLab.RunAsync(server, "ALTER SYSTEM SET synchronous_standby_names = 'missing'");
        await PostgresLab.RunAsync(server, "SELECT pg_reload_conf()");
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            // The server's processes read their settings in their own time.
            var waiting = PostgresLab.RunAsync(server, "INSERT INTO probe DEFAULT VALUES");
            if (await Task.WhenAny(waiting, Waiting.ForAsync(server, "wait_event = 'SyncRep'", 1)) != waiting)
            {
                return new(server, waiting);
            }
        }

        throw new InvalidOperationException("No commit waits for the standby.");
    }

    /// <summary>Commits wait for none any more, and those that did go on.</summary>
    public async Task ForgetAsync()
    {
        await PostgresLab.RunAsync(server, "ALTER SYSTEM RESET synchronous_standby_names");
        await PostgresLab.RunAsync(server, "SELECT pg_reload_conf()");
        await probing;
    }
}

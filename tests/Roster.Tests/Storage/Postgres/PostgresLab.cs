using Npgsql;
using Roster.Core.Ids;
using Roster.Lab;
using Roster.Storage.Postgres;
using Roster.Tests.Storage.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresLab))]

namespace Roster.Tests.Storage.Postgres;

/// <summary>
/// One real server for all tests of this assembly, started by the first that asks; a database is a copy of a migrated one. Those with a
/// replica are on another server: a replica replays alone, and every database that other tests make would be before theirs.
/// </summary>
public sealed class PostgresLab : IAsyncDisposable
{
    private const string Template = "roster_template";
    private const string Memory = "/dev/shm";
    private const long Room = 2L << 30;

    private readonly Lazy<Task<PostgresServer>> server = new(StartAsync);
    private readonly Lazy<Task<PgBouncer>> bouncer;
    private readonly Lazy<Task<PostgresServer>> followed = new(StartAsync);
    private readonly Lazy<Task<PostgresServer>> replica;
    private int databases;

    public PostgresLab()
    {
        bouncer = new(async () => await PgBouncer.StartAsync(await ServerAsync(), "default_pool_size = 3"));
        replica = new(async () => await (await followed.Value).StartReplicaInAsync(Folder(), "replica"));
    }

    public Task<PostgresServer> ServerAsync() => server.Value;

    /// <summary>Options of a fresh database.</summary>
    public async Task<PostgresOptions> CreateAsync(int shard = 0) => await CreateAsync(await ServerAsync()) with { Shard = new ShardId(shard) };

    /// <summary>Options of a fresh database behind a pgbouncer, which has fewer sessions for it than clients.</summary>
    public async Task<PostgresOptions> CreateBouncedAsync()
    {
        var options = await CreateAsync();
        return Bounced(options, await bouncer.Value);
    }

    /// <summary>Options of a fresh database with a replica, which follows for all tests.</summary>
    public async Task<PostgresOptions> CreateReplicatedAsync()
    {
        var follower = await replica.Value;
        var options = await CreateAsync(await followed.Value);
        var there = follower.ConnectionStringOf(DatabaseOf(options));
        await Bounded.UntilAsync(() => IsThereAsync(there), "the replica has the database");
        return options with { Replicas = [there] };
    }

    /// <summary>Options of the same database, reached through a pgbouncer.</summary>
    public static PostgresOptions Bounced(PostgresOptions options, PgBouncer bouncer) => options with
    {
        ConnectionString = bouncer.ConnectionStringOf(DatabaseOf(options)),
        Direct = options.ConnectionString,
        PrepareStatements = false,
    };

    public static string DatabaseOf(PostgresOptions options) => new NpgsqlConnectionStringBuilder(options.ConnectionString).Database!;

    public async Task DropAsync(PostgresOptions options) =>
        await RunAsync(await (options.Replicas.Count > 0 ? followed : server).Value, $"DROP DATABASE {DatabaseOf(options)} WITH (FORCE)");

    public async ValueTask DisposeAsync()
    {
        if (bouncer.IsValueCreated)
        {
            await (await bouncer.Value).DisposeAsync();
        }

        foreach (var started in (Lazy<Task<PostgresServer>>[])[replica, followed, server])
        {
            if (started.IsValueCreated)
            {
                await (await started.Value).DisposeAsync();
            }
        }
    }

    /// <summary>Options of a database. The oldest transaction is the server's, not the database's: tests beside each other must wait for it.</summary>
    public static PostgresOptions OptionsOf(PostgresServer server, string database) => new()
    {
        ConnectionString = server.ConnectionStringOf(database),
        PoolSize = 8,
        OutboxPatience = TimeSpan.FromSeconds(30),
    };

    public static async Task RunAsync(PostgresServer server, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionStringOf("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<PostgresOptions> CreateAsync(PostgresServer on)
    {
        var name = $"roster_{Interlocked.Increment(ref databases)}";
        await RunAsync(on, $"CREATE DATABASE {name} TEMPLATE {Template}");
        return OptionsOf(on, name);
    }

    private static async Task<bool> IsThereAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException notYet) when (notYet.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return false;
        }
    }

    /// <summary>In memory where there is room: making and dropping databases waits for the disk more than all else does. What
    /// is proven about crashes has servers of its own.</summary>
    private static string Folder()
    {
        var place = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room ? Memory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(place, $"roster-pg-{Path.GetRandomFileName()}")).FullName;
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var started = await PostgresServer.StartInAsync(
            Folder(), "shared_preload_libraries = 'pg_stat_statements'", "pg_stat_statements.track = all", "max_wal_size = 256MB");
        await RunAsync(started, $"CREATE DATABASE {Template}");
        await PostgresMigrations.ApplyAsync(OptionsOf(started, Template), progress: null, CancellationToken.None);
        return started;
    }
}

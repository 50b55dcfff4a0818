using Npgsql;

namespace Roster.Storage.Postgres;

/// <summary>Connections as Roster needs them; whatever else the connection string says (hosts, TLS, password) stays.</summary>
internal static class PostgresConnections
{
    /// <summary>
    /// Every statement has one right plan: index by index, row by row. A prepared one outlives the empty table it was first
    /// planned for, so the others are ruled out. Without preparing, each plan is made for the values and sizes of its moment.
    /// </summary>
    private const string OnePlan =
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off -c enable_material=off"
        + " -c jit=off -c plan_cache_mode=force_generic_plan";

    /// <summary>The pool of a store. Sessions carry no state, so nothing is reset between uses.</summary>
    /// <param name="options">Where to, and how many.</param>
    /// <param name="admit">Looks each new connection over before its first use.</param>
    public static NpgsqlDataSource Pool(PostgresOptions options, Func<NpgsqlConnection, Task> admit)
    {
        var settings = Settings(options.ConnectionString, options);
        settings.Pooling = true;
        settings.MaxPoolSize = options.PoolSize;
        settings.MinPoolSize = 0;
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = options.PrepareStatements ? 100 : 0;
        settings.AutoPrepareMinUsages = 2;
        settings.Options = options.PrepareStatements ? $"{settings.Options} {OnePlan}".Trim() : settings.Options;
        var pool = new NpgsqlDataSourceBuilder(settings.ConnectionString)
        {
            // As metrics name the pool; by default it would be the connection string.
            Name = $"shard {options.Shard.Value}: {options.Address}",
        };
        pool.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("Connections are opened asynchronously."), admit);
        return pool.Build();
    }

    /// <summary>One connection past any pgbouncer, for migrations.</summary>
    public static NpgsqlConnection Direct(PostgresOptions options)
    {
        var settings = Settings(options.Direct ?? options.ConnectionString, options);
        settings.Pooling = false;
        settings.CommandTimeout = 0;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <summary>One connection where the pool's go, for a look.</summary>
    public static NpgsqlConnection Single(PostgresOptions options)
    {
        var settings = Settings(options.ConnectionString, options);
        settings.Pooling = false;
        return new NpgsqlConnection(settings.ConnectionString);
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, PostgresOptions options) => new(connectionString)
    {
        ApplicationName = "roster",
        Timeout = Seconds(options.ConnectTimeout),
        CommandTimeout = Seconds(options.ReadTimeout),
        TcpKeepAlive = true,
        TcpKeepAliveTime = 10,
        TcpKeepAliveInterval = 2,
        Enlist = false,
        Multiplexing = false,
        IncludeErrorDetail = false,
        LogParameters = false,
    };

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}

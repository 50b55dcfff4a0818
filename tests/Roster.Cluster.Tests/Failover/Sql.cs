using Npgsql;
using Roster.Lab;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Statements straight to a member, past the program.</summary>
internal static class Sql
{
    /// <summary>What a statement returns first; null for nothing.</summary>
    public static async Task<T?> AskAsync<T>(string connection, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { Pooling = false, Timeout = 5, CommandTimeout = 10 };
        await using var open = new NpgsqlConnection(settings.ConnectionString);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync() is T found ? found : default;
    }

    /// <summary>The same, of a server.</summary>
    public static Task<T?> AskAsync<T>(PostgresServer server, string sql) => AskAsync<T>(server.ConnectionStringOf("postgres"), sql);
}

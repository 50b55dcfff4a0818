using System.Diagnostics;
using Npgsql;
using Roster.Lab;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Waits until sessions of a server wait for something.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until at least so many sessions do.</summary>
    /// <param name="server">The server.</param>
    /// <param name="sessions">Which: a condition on <c>pg_stat_activity</c>.</param>
    /// <param name="count">How many.</param>
    public static async Task ForAsync(PostgresServer server, string sessions, int count)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionStringOf("postgres") + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var ask = new NpgsqlCommand($"SELECT count(*) FROM pg_stat_activity WHERE {sessions}", connection);
        for (var start = Stopwatch.GetTimestamp(); (long)(await ask.ExecuteScalarAsync())! < count; await Task.Delay(5))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Fewer than {count} sessions with {sessions} in {Patience}.");
        }
    }
}

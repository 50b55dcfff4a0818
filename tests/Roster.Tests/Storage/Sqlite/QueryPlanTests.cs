using Roster.Core.Ids;
using Roster.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>No statement of the product scans a table that grows, or sorts.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly SqliteFolder folder = new();

    // A question without a table is one constant row. Control data is small and read whole, and so is a list that was bound (a); the outbox's and the queue's beginnings are scans that stop at their limit.
    private static readonly string[] Small =
        ["CONSTANT", "life", "a", "shard_map", "api_keys", "outbox", "deleted_authors", "(subquery-1)", "(subquery-2)", "(subquery-3)", "(subquery-4)"];

    // Indexes of what is half way: they hold a few rows at most, whatever the size of their table.
    private static readonly string[] Partial = ["users_with_intent", "claims_reserved"];

    public void Dispose() => folder.Delete();

    [Fact]
    public void Every_statement_uses_an_index_and_sorts_nothing()
    {
        Directory.CreateDirectory(folder.Path);
        using var writer = SqliteConnections.OpenWriter(folder.Database, folder.Options);
        _ = new WriterSession(writer, ShardId.Control);
        using var reader = new SqliteReader(SqliteConnections.OpenReader(folder.Database));
        string[] statements = [.. writer.Statements, .. reader.Database.Statements];
        Assert.True(statements.Length > 40, $"Only {statements.Length} statements were found.");
        foreach (var sql in statements.Where(sql => sql is not ("BEGIN" or "BEGIN IMMEDIATE" or "COMMIT")))
        {
            foreach (var step in writer.Texts("EXPLAIN QUERY PLAN " + sql, column: 3))
            {
                Assert.False(step.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{step}\n{sql}");
                Assert.False(step.StartsWith("SCAN ", StringComparison.Ordinal) && !Small.Contains(step.Split(' ')[1]) && !Partial.Contains(step.Split(' ')[^1]), $"{step}\n{sql}");
            }
        }
    }
}

using Roster.Cli.Doctor;
using Roster.Cli.Settings;
using Roster.Tests.Cli.Storage;
using Roster.Tests.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Cli.Doctor;

/// <summary><c>roster doctor</c> over servers: each thing that can be wrong is seen, and only that.</summary>
public sealed class PostgresDoctorTests(PostgresLab lab) : IAsyncLifetime
{
    private static readonly (string, string) AdminKey = ("Roster:Auth:AdminKey", "0123456789abcdef");

    private PostgresPair pair = null!;

    public async ValueTask InitializeAsync() => pair = await PostgresPair.MakeAsync(lab);

    public ValueTask DisposeAsync() => pair.DisposeAsync();

    [Fact]
    public async Task Healthy_servers_have_nothing_but_ok()
    {
        await (await pair.OpenAsync()).DisposeAsync();
        var findings = await ExamineAsync(pair.Settings(AdminKey));
        Assert.All(findings, finding => Assert.True(finding.Grade == Grade.Ok, finding.ToString()));
        Assert.Equal(1 + (2 * 9) + 3 + 2, findings.Count);
    }

    [Fact]
    public async Task Before_the_first_start_nothing_is_wrong_but_that_nobody_gets_in()
    {
        var findings = await ExamineAsync(pair.Settings());
        Assert.StartsWith("There is no key at all", Assert.Single(findings, f => f.Grade == Grade.Wrong).Sentence, StringComparison.Ordinal);
        Assert.Contains(findings, f => f.Grade == Grade.Note && f.Sentence.Contains("is no shard yet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "DELETE FROM secrets; INSERT INTO events SELECT 0, gen_random_uuid(), 1, gen_random_uuid(), 'x', 1, NULL, 0, 'x', NULL, NULL, 0", "The placement secret is missing")]
    [InlineData(1, "UPDATE owned_buckets SET epoch = 0", "")]
    [InlineData(1, "UPDATE owned_buckets SET epoch = 0, buckets = repeat('1', 4096)::bit(4096)", "knows the buckets of epoch 0, and the shard map is of epoch 1")]
    [InlineData(1, "UPDATE owned_buckets SET buckets = repeat('1', 4096)::bit(4096)", "lets other buckets be written than the shard map gives it")]
    [InlineData(1, "UPDATE life SET shard = 7", "holds shard 7, not shard 1: bring Roster:Shards into the order it had.")]
    [InlineData(1, "DELETE FROM schema_version WHERE version > 2", "has schema 2, and this program needs 6: roster migrate")]
    [InlineData(1, "DELETE FROM schema_version", "has no schema yet: roster migrate")]
    [InlineData(1, "INSERT INTO schema_version VALUES (900, 900)", "has schema 900, which needs a program that knows 900")]
    [InlineData(1, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$", "runs with synchronous_commit=off, and no node starts on it")]
    [InlineData(0, "INSERT INTO outbox VALUES (0, 1, '1', 0, gen_random_uuid(), 1, 'default', 4102444800000000)", "in the future: set this machine's clock")]
    [InlineData(0, "UPDATE shard_map SET owners = set_byte(owners, 16383, 5)", "names shard 5, which is not configured: set Roster:Shards:5:Primary to its server.")]
    public async Task A_shard_that_is_wrong_is_told(int shard, string damage, string sentence)
    {
        await (await pair.OpenAsync()).DisposeAsync();
        await pair.RunAsync(shard, damage);
        var wrong = (await ExamineAsync(pair.Settings(AdminKey))).Where(finding => finding.Grade == Grade.Wrong).ToList();
        if (sentence.Length == 0)
        {
            Assert.Empty(wrong);
        }
        else
        {
            Assert.Contains(wrong, finding => finding.Sentence.Contains(sentence, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_server_that_is_away_and_one_with_too_few_connections_are_told()
    {
        await (await pair.OpenAsync()).DisposeAsync();
        var port = Lab.LoopbackPorts.Free();
        var away = await ExamineAsync(pair.Settings(AdminKey, ("Roster:Shards:1:Primary", $"Host=127.0.0.1;Port={port};Username=x;Database=x")));
        Assert.Equal($"Shard 1 (127.0.0.1:{port}/x): The database cannot be reached.", Assert.Single(away, f => f.Grade == Grade.Wrong).Sentence);

        var greedy = await ExamineAsync(pair.Settings(AdminKey, ("Roster:Postgres:PoolSize", "500")));
        Assert.Equal(2, greedy.Count(f => f.Grade == Grade.Wrong && f.Sentence.Contains("raise max_connections", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_unreadable_connection_string_is_a_sentence_without_its_password()
    {
        var findings = await ExamineAsync(pair.Settings(AdminKey, ("Roster:Shards:1:Primary", "Host=x;Nonsense=1;Password=hunter2")));
        var refusal = Assert.Single(findings).ToString();
        Assert.StartsWith("wrong  The connection strings of Roster:Shards:1 cannot be read:", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal, StringComparison.Ordinal);
    }

    private static async Task<List<Finding>> ExamineAsync(RosterSettings settings)
    {
        List<Finding> findings = [];
        await Examination.RunAsync(() => settings, null, TimeProvider.System, findings.Add, CancellationToken.None);
        return findings;
    }
}

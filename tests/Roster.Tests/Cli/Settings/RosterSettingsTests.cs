using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class RosterSettingsTests
{
    [Fact]
    public void With_nothing_set_every_setting_has_its_standard()
    {
        var settings = Read();
        Assert.Equal(("data", TimeSpan.FromDays(7), TimeSpan.FromHours(24)), (settings.DataFolder, settings.OutboxRetention, settings.IdempotencyRetention));
        Assert.Equal(["http://127.0.0.1:8080"], settings.Urls);
        Assert.Empty(settings.MetricsUrls);
        Assert.Equal((500, 10_000), (settings.Batching.MaxBatch, settings.Batching.Capacity));
        Assert.Equal((Scopes.None, null, TimeSpan.FromHours(1)), (settings.Auth.AnonymousScopes, settings.Auth.AdminKeyHash, settings.Auth.MaxKeyAge));
    }

    [Theory]
    [InlineData("Roster:Storage", "oracle", "Roster:Storage is \"oracle\": write sqlite or postgres.")]
    [InlineData("Roster:Storage", "postgres", "Roster:Storage is \"postgres\" without a shard: set Roster:Shards:0:Primary to a connection string such as Host=127.0.0.1;Username=roster;Database=roster.")]
    [InlineData("Roster:Batching:MaxBatch", "0", "Roster:Batching:MaxBatch is \"0\": write a number from 1 to 10000.")]
    [InlineData("Roster:Batching:MaxBatch", "many", "Roster:Batching:MaxBatch is \"many\": write a number from 1 to 10000.")]
    [InlineData("Roster:Batching:Capacity", "1.5", "Roster:Batching:Capacity is \"1.5\": write a number from 1 to 1000000.")]
    [InlineData("Roster:Outbox:Retention", "a week", "Roster:Outbox:Retention is \"a week\": write a duration such as 5 s, 10 m, 24 h or 7 d.")]
    [InlineData("Roster:Outbox:Retention", "7", "Roster:Outbox:Retention is \"7\": write a duration such as 5 s, 10 m, 24 h or 7 d.")]
    [InlineData("Roster:Outbox:Retention", "59 s", "Roster:Outbox:Retention is \"59 s\": write at least 00:01:00.")]
    [InlineData("Roster:Outbox:Retention", "NaN s", "Roster:Outbox:Retention is \"NaN s\": write a duration such as 5 s, 10 m, 24 h or 7 d.")]
    [InlineData("Roster:Outbox:Retention", "99999999999999999 d", "Roster:Outbox:Retention is \"99999999999999999 d\": write at most 36500 d.")]
    [InlineData("Roster:Outbox:Retention", "36501 d", "Roster:Outbox:Retention is \"36501 d\": write at most 36500 d.")]
    [InlineData("Roster:Idempotency:Retention", "-1:00:00", "Roster:Idempotency:Retention is \"-1:00:00\": write at least 00:01:00.")]
    [InlineData("Roster:Auth:MaxKeyAge", "9 s", "Roster:Auth:MaxKeyAge is \"9 s\": write at least 00:00:10.")]
    [InlineData("Roster:Auth:AllowAnonymousAnywhere", "yes", "Roster:Auth:AllowAnonymousAnywhere is \"yes\": write true or false.")]
    [InlineData("Roster:Auth:AdminKey", "short", "Roster:Auth:AdminKey is too short to be safe: write at least 16 characters.")]
    [InlineData("Roster:Consistency:MaxStaleness", "soon", "Roster:Consistency:MaxStaleness is \"soon\": write a duration such as 5 s, 10 m, 24 h or 7 d.")]
    [InlineData("Roster:Metrics:Urls", "9090", "\"9090\" is no address to listen on: write one such as http://127.0.0.1:8080.")]
    [InlineData("Roster:Metrics:Urls", "http://127.0.0.1:9464,http://*:0", "Roster:Metrics:Urls has http://*:0: write a port, which a scraper has to know too, such as http://127.0.0.1:9464.")]
    [InlineData("Urls", "localhost:8080", "\"localhost:8080\" is no address to listen on: write one such as http://127.0.0.1:8080.")]
    [InlineData("Urls", " ; ", "\" ; \" is no address to listen on: write one such as http://127.0.0.1:8080.")]
    public void A_wrong_setting_stops_the_start_and_says_what_to_write(string key, string value, string sentence) =>
        Assert.Equal(sentence, Refusal((key, value)));

    [Theory]
    [InlineData("Roster:Bacthing:MaxBatch")]
    [InlineData("Roster:Outbox:Retention:Days")]
    [InlineData("Roster:Storage:Path")]
    [InlineData("Roster:Shards:0:Folder")]
    [InlineData("Roster:Auth:AnonymousScopes:0:Name")]
    public void An_unknown_setting_is_refused_by_its_name(string key) =>
        Assert.Equal($"{key} is no setting of Roster: correct or remove it (docs/settings.md lists all).", Refusal((key, "7")));

    [Fact]
    public void Settings_of_others_are_none_of_our_business() => Assert.Equal("data", Read(("Logging:Level", "x"), ("PATH", "/bin")).DataFolder);

    [Fact]
    public void A_list_is_one_text_or_indexed_keys()
    {
        const Scopes both = Scopes.UsersRead | Scopes.PostsRead;
        Assert.Equal(both, Read(("Roster:Auth:AnonymousScopes", "users:read, posts:read")).Auth.AnonymousScopes);
        Assert.Equal(both, Read(("Roster:Auth:AnonymousScopes", "users:read posts:read")).Auth.AnonymousScopes);
        Assert.Equal(both, Read(("Roster:Auth:AnonymousScopes:0", "users:read"), ("Roster:Auth:AnonymousScopes:1", "posts:read")).Auth.AnonymousScopes);
    }

    [Fact]
    public void An_unknown_scope_is_refused() => Assert.Equal(
        $"Roster:Auth:AnonymousScopes is \"users:fly\": write scopes out of {ScopeNames.Known}.", Refusal(("Roster:Auth:AnonymousScopes", "users:fly")));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://127.0.0.1:8080;http://*:8081")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://127.0.0.1.example.com:8080")]
    public void Callers_without_a_key_are_let_in_only_on_loopback_unless_allowed(string urls)
    {
        Assert.Contains("is not a loopback address", Refusal(("Urls", urls), ("Roster:Auth:AnonymousScopes", "users:read")), StringComparison.Ordinal);
        Assert.Equal(Scopes.UsersRead, Read(
            ("Urls", urls), ("Roster:Auth:AnonymousScopes", "users:read"), ("Roster:Auth:AllowAnonymousAnywhere", "true")).Auth.AnonymousScopes);
        Assert.Equal(Scopes.UsersRead, Read(("Urls", "http://localhost:1;http://[::1]:2"), ("Roster:Auth:AnonymousScopes", "users:read")).Auth.AnonymousScopes);
    }

    [Fact]
    public void A_flag_goes_before_the_setting()
    {
        var settings = RosterSettings.Read(Configuration(("Urls", "http://127.0.0.1:1"), ("Roster:Shards:0:Path", "a")), "https://127.0.0.1:2", "b");
        Assert.Equal("https://127.0.0.1:2", Assert.Single(settings.Urls));
        Assert.Equal("b", settings.DataFolder);
    }

    [Fact]
    public void Shards_are_named_by_their_folders_the_control_shard_first()
    {
        var settings = Read(("Roster:Shards:0:Path", "a"), ("Roster:Shards:1:Path", "b"), ("Roster:Shards:2:Path", "c"));
        Assert.Equal([new(new ShardId(0), "a"), new(new ShardId(1), "b"), new(new ShardId(2), "c")], settings.Shards);
        Assert.Equal("a", settings.DataFolder);
        Assert.Equal([new ShardSettings(ShardId.Control, "data")], Read().Shards);
    }

    [Fact]
    public void The_data_flag_beside_several_shards_names_where_the_key_is_kept()
    {
        var settings = RosterSettings.Read(Configuration(("Roster:Shards:0:Path", "a"), ("Roster:Shards:1:Path", "b")), null, "d");
        Assert.Equal("d", settings.DataFolder);
        Assert.Equal(["a", "b"], settings.Shards.Select(shard => shard.Folder));
    }

    [Fact]
    public void Every_shard_has_a_folder_of_its_own()
    {
        Assert.Equal("Roster:Shards:0:Path is missing: name the folder of shard 0.", Refusal(("Roster:Shards:1:Path", "b")));
        Assert.Equal(
            "Shards 0 and 1 have the same folder: give each shard its own.",
            Refusal(("Roster:Shards:0:Path", "a"), ("Roster:Shards:1:Path", "./x/../a")));
        Assert.Equal("Roster:Shards names more than 256 shards.", Refusal(("Roster:Shards:256:Path", "b")));
    }

    [Fact]
    public void Shards_on_PostgreSQL_are_named_by_their_connection_strings()
    {
        var settings = Read(
            ("Roster:Storage", "postgres"),
            ("Roster:Shards:0:Primary", "Host=a"),
            ("Roster:Shards:0:Direct", "Host=d"),
            ("Roster:Shards:1:Primary", "Host=b"),
            ("Roster:Postgres:PrepareStatements", "false"));
        Assert.Equal([new(new ShardId(0), "Host=a", "Host=d"), new(new ShardId(1), "Host=b", null)], settings.Postgres!.Shards);
        Assert.False(settings.Postgres.PrepareStatements);
        Assert.False(settings.Postgres.AllowUnsafeDurability);
        Assert.Empty(settings.Shards);
        Assert.Equal("data", settings.DataFolder);
    }

    [Theory]
    [InlineData("Roster:Shards:1:Primary", "Host=b", "Roster:Shards:0:Primary is missing: write the connection string of shard 0.")]
    public void A_shard_on_PostgreSQL_needs_its_primary(string key, string value, string sentence) =>
        Assert.Equal(sentence, Refusal(("Roster:Storage", "postgres"), (key, value)));

    [Fact]
    public void A_shard_on_PostgreSQL_has_replicas_numbered_without_gaps()
    {
        (string, string)[] shard = [("Roster:Storage", "postgres"), ("Roster:Shards:0:Primary", "Host=a"), ("Roster:Shards:0:Replicas:1", "Host=c")];
        Assert.Equal("Roster:Shards:0:Replicas:0 is missing: number a shard's replicas from 0 without gaps.", Refusal(shard));
        Assert.Equal(["Host=b", "Host=c"], Read([.. shard, ("Roster:Shards:0:Replicas:0", "Host=b")]).Postgres!.Shards[0].Replicas);
    }

    private static string Refusal(params (string, string)[] values) => Assert.Throws<SettingsException>(() => Read(values)).Message;

    private static RosterSettings Read(params (string, string)[] values) => RosterSettings.Read(Configuration(values), null, null);

    private static IConfiguration Configuration(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
        .Build();
}

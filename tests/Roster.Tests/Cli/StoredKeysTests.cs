using Roster.Core.Keys;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Cli;

/// <summary><c>roster key --data</c>: keys without a server.</summary>
[Collection(nameof(StandardStreams))]
public sealed class StoredKeysTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roster-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_key_is_made_listed_and_revoked_straight_in_the_store()
    {
        var (code, output, _) = await RunAsync("create", "--name", "reports", "--scopes", "users:read,posts:read");
        Assert.Equal(0, code);
        Assert.True(KeyToken.TryRead(output.Trim(), out var id, out _));
        Assert.Equal($"{id}  reports  users:read,posts:read", (await RunAsync("list")).Output.Trim());

        Assert.Equal(0, (await RunAsync("revoke", id)).Code);
        Assert.Empty((await RunAsync("list")).Output);
        Assert.Equal((1, "There is no such key."), Failure(await RunAsync("revoke", "nobody")));
    }

    [Fact]
    public async Task A_key_that_cannot_be_made_is_one_sentence() =>
        Assert.Equal(
            (1, $"The key cannot be made: scopes must all be of {ScopeNames.Known}."),
            Failure(await RunAsync("create", "--name", "x", "--scopes", "users:fly")));

    [Fact]
    public async Task A_store_that_is_being_served_is_left_alone()
    {
        await using var server = await RunningServer.StartAsync();
        var (code, _, errors) = await StandardStreams.RunAsync("key", "list", "--data", server.Folder);
        Assert.Equal(1, code);
        Assert.Contains("is in use by process", errors, StringComparison.Ordinal);
    }

    private static (int Code, string Sentence) Failure((int Code, string Output, string Errors) run) =>
        (run.Code, run.Errors.TrimEnd());

    private Task<(int Code, string Output, string Errors)> RunAsync(string verb, params string[] args) =>
        StandardStreams.RunAsync(["key", verb, .. args, "--data", folder]);
}

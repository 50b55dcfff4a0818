using Roster.Cli.Serving;
using Roster.Core.Keys;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Cli.Serving;

public sealed class AdminKeyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roster-admin-key-").FullName;
    private readonly MemoryControlStore control = new();

    private string KeyPath => Path.Combine(folder, AdminKeyFile.Name);

    [Fact]
    public async Task A_new_store_gets_one_key_that_only_its_owner_can_read()
    {
        Assert.True(await EnsureAsync());
        Assert.Equal([KeyPath], Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }

        await AssertTheFileIsTheOnlyKeyAsync();
        Assert.False(await EnsureAsync());
        await AssertTheFileIsTheOnlyKeyAsync();
    }

    [Fact]
    public async Task A_file_left_by_a_crash_before_the_key_was_stored_is_put_to_use()
    {
        var (id, _, token) = KeyToken.Create();
        await File.WriteAllTextAsync(KeyPath, token + "\n");
        Assert.True(await EnsureAsync());
        Assert.Equal(token, (await File.ReadAllTextAsync(KeyPath)).Trim());
        Assert.Equal(id, (await control.KeysAsync(TestContext.Current.CancellationToken))[0].Id);
        await AssertTheFileIsTheOnlyKeyAsync();
    }

    [Theory]
    [InlineData(AdminKeyFile.Name)]
    [InlineData(AdminKeyFile.Name + ".new")]
    public async Task Half_a_file_is_replaced(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, name), KeyToken.Create().Token[..30]);
        Assert.True(await EnsureAsync());
        Assert.Equal([KeyPath], Directory.GetFiles(folder));
        await AssertTheFileIsTheOnlyKeyAsync();
    }

    [Fact]
    public async Task A_file_whose_key_was_revoked_is_replaced()
    {
        Assert.True(await EnsureAsync());
        var revoked = Assert.Single(await control.KeysAsync(TestContext.Current.CancellationToken)).Id;
        Assert.True(await control.RevokeKeyAsync(revoked, TestContext.Current.CancellationToken));
        Assert.True(await EnsureAsync());
        await AssertTheFileIsTheOnlyKeyAsync();
    }

    [Fact]
    public async Task A_store_with_keys_gets_no_file()
    {
        await new ManageKeys(control, TimeProvider.System).CreateAsync(
            new("mine", ["users:read"], null), Core.Ids.TenantId.Default, new(), TestContext.Current.CancellationToken);
        Assert.False(await EnsureAsync());
        Assert.Empty(Directory.GetFiles(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ValueTask<bool> EnsureAsync() =>
        AdminKeyFile.EnsureAsync(folder, control, TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task AssertTheFileIsTheOnlyKeyAsync()
    {
        Assert.True(KeyToken.TryRead((await File.ReadAllTextAsync(KeyPath)).Trim(), out var id, out var hash));
        var key = Assert.Single(await control.KeysAsync(TestContext.Current.CancellationToken));
        Assert.Equal((id, hash), (key.Id, key.SecretHash));
        Assert.Equal(["admin"], key.Scopes);
    }
}

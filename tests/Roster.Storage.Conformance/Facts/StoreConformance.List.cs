using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    private static readonly string[] TrickyNames =
        ["Zo", "Zoe", "Zoë", "zoé", "Zoz", "Zo e", "Å", "é", "日本", "日本語", "日", "\U0010FFFD", "\U0010FFFDa", "z", "\uFF5A", "𝔷"];

    [Fact]
    public async Task A_list_is_ordered_by_id()
    {
        List<User> users = [];
        for (var i = 0; i < 20; i++)
        {
            users.Add(await RegisterAsync($"User {i % 3}"));
        }

        Assert.Equal(users.OrderBy(u => u.Id.Value.ToString("N"), StringComparer.Ordinal), await ListAsync());
        Assert.Equal(users.OrderBy(u => u.Id).Take(7), await ListAsync(limit: 7));
    }

    [Fact]
    public async Task A_list_with_a_prefix_is_ordered_by_the_bytes_of_folded_name_then_id()
    {
        foreach (var name in TrickyNames.Concat(TrickyNames.Reverse()))
        {
            await RegisterAsync(name);
        }

        var all = await ListAsync();
        Assert.Equal(32, all.Count);
        Assert.Equal(InNameOrder(all), await ListAsync(prefix: Array.Empty<byte>()));
        string[] prefixes = ["z", "zo", "zoe", "zoë", "日", "日本", "日本語", "\U0010FFFD", "é", "none", "%", "_"];
        foreach (var prefix in prefixes.Select(FoldedName.Of))
        {
            Assert.Equal(InNameOrder(all.Where(u => Begins(u, prefix))), await ListAsync(prefix: prefix));
        }
    }

    [Fact]
    public async Task A_prefix_may_end_anywhere_in_a_character()
    {
        foreach (var name in TrickyNames)
        {
            await RegisterAsync(name);
        }

        var all = await ListAsync();
        foreach (var bytes in TrickyNames.Select(n => FoldedName.Of(n)))
        {
            for (var length = 1; length <= bytes.Length; length++)
            {
                var prefix = bytes[..length];
                Assert.Equal(InNameOrder(all.Where(u => Begins(u, prefix))), await ListAsync(prefix: prefix));
            }
        }

        Assert.Empty(await ListAsync(prefix: new byte[] { 0xFF }));
    }

    [Fact]
    public async Task A_list_follows_renames()
    {
        var ada = await RegisterAsync("Ada");
        ada = await CommitAsync(Changes.Rename(ada, "Zoe"));
        Assert.Empty(await ListAsync(prefix: FoldedName.Of("ada")));
        Assert.Equal([ada], await ListAsync(prefix: FoldedName.Of("zo")));
    }

    [Fact]
    [Proves("A page of a list; it must hold neither deleted users nor another tenant's.")]
    public async Task Deleted_users_and_other_tenants_are_in_no_list()
    {
        var elsewhere = new TenantId("elsewhere");
        var ada = await RegisterAsync("Ada");
        var foreign = await CommitAsync(Changes.Register("Ada", "ada@example.org", elsewhere));
        await CommitAsync(Changes.Delete(await RegisterAsync("Ada")));

        Assert.Equal([ada], await ListAsync());
        Assert.Equal([ada], await ListAsync(prefix: FoldedName.Of("ada")));
        Assert.Empty(await ListAsync(status: UserStatus.Deleted));
        var theirs = await Store.ListAsync(new UserQuery { Tenant = elsewhere, Limit = 10 }, Any, Cancel);
        Assert.Equal([foreign], theirs.Select(u => u.State));
    }

    [Fact]
    public async Task A_list_can_be_of_one_status_with_or_without_a_prefix()
    {
        var ada = await RegisterAsync("Ada");
        var adam = await CommitAsync(Changes.Suspend(await RegisterAsync("Adam")));
        var bob = await CommitAsync(Changes.Suspend(await RegisterAsync("Bob")));
        Assert.Equal([ada], await ListAsync(status: UserStatus.Active));
        Assert.Equal(new[] { adam, bob }.OrderBy(u => u.Id), await ListAsync(status: UserStatus.Suspended));
        Assert.Equal([adam], await ListAsync(prefix: FoldedName.Of("ad"), status: UserStatus.Suspended));
        bob = await CommitAsync(Changes.Reactivate(bob));
        Assert.Equal(new[] { ada, bob }.OrderBy(u => u.Id), await ListAsync(status: UserStatus.Active));
    }

    private static IEnumerable<User> InNameOrder(IEnumerable<User> users) => users
        .OrderBy(u => Convert.ToHexString(FoldedName.Of(u.Name)), StringComparer.Ordinal).ThenBy(u => u.Id);

    private static bool Begins(User user, byte[] prefix) => FoldedName.Of(user.Name).AsSpan().StartsWith(prefix);

    private async Task<List<User>> ListAsync(
        int limit = 1000, byte[]? prefix = null, UserStatus? status = null, UserListKey? after = null)
    {
        // Spelled out: a null array would become an empty prefix, which is another question.
        var query = Everyone(limit) with
        {
            Status = status,
            NamePrefix = prefix is null ? (ReadOnlyMemory<byte>?)null : prefix,
            After = after,
        };
        return [.. (await Store.ListAsync(query, Any, Cancel)).Select(u => u.State)];
    }
}

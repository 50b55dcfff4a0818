using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

public sealed class FindUsersTests
{
    private static readonly FindUsers.Filter Everybody = new(null, null, null);
    private readonly UseCases users = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Pages_show_everybody_once_in_the_order_of_ids(int limit)
    {
        var all = await ManyAsync();
        Assert.Equal(all.Select(u => u.Id).Order(), (await PagesAsync(Everybody, limit)).Select(u => u.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Pages_of_a_prefix_show_each_such_name_once_in_the_order_of_names(int limit)
    {
        await ManyAsync();
        var found = await PagesAsync(new(null, "ADA", null), limit);
        Assert.Equal(["Ada", "ada", "Ada", "ada 1", "Ada 2", "ADA 3"], found.Select(u => u.Name), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(6, found.DistinctBy(u => u.Id).Count());
    }

    [Fact]
    public async Task Pages_of_a_status_show_only_users_with_it()
    {
        var all = await ManyAsync();
        foreach (var user in all.Take(5))
        {
            await users.Suspend.SuspendAsync(user.Id, UseCases.Key, null, UseCases.Cancellation);
        }

        Assert.Equal(all.Take(5).Select(u => u.Id).Order(), (await PagesAsync(new(null, null, UserStatus.Suspended), 2)).Select(u => u.Id));
        Assert.Equal(7, (await PagesAsync(new(null, null, UserStatus.Active), 2)).Count);
        Assert.Equal(5, (await PagesAsync(new(null, "ada", UserStatus.Suspended), 2)).Count);
    }

    [Fact]
    public async Task No_prefix_reaches_the_store_as_none_and_an_empty_one_as_empty()
    {
        var spy = new QuerySpy(users.Memory);
        var find = new FindUsers(spy, users.Placement);
        await find.HandleAsync(Everybody, 10, null, UseCases.Key, ConsistencyToken.None, UseCases.Cancellation);
        Assert.Null(spy.Last?.NamePrefix);
        await find.HandleAsync(new(null, string.Empty, null), 10, null, UseCases.Key, ConsistencyToken.None, UseCases.Cancellation);
        Assert.Equal(0, spy.Last?.NamePrefix?.Length);
    }

    [Fact]
    public async Task A_cursor_fits_only_the_list_it_came_from()
    {
        await ManyAsync();
        var cursor = (await PageAsync(Everybody, 2, null))!.Next;
        Assert.NotNull(cursor);
        Assert.NotNull(await PageAsync(Everybody, 5, cursor));
        Assert.Null(await PageAsync(new(null, "ada", null), 2, cursor));
        Assert.Null(await PageAsync(new(null, string.Empty, null), 2, cursor));
        Assert.Null(await PageAsync(new(null, null, UserStatus.Active), 2, cursor));
        Assert.Null(await PageAsync(Everybody, 2, "garbage"));
    }

    [Fact]
    public async Task An_e_mail_finds_its_owner_in_any_spelling_when_the_other_filters_hold()
    {
        var ada = (await ManyAsync())[0];
        Assert.Equal(ada, Assert.Single(await PagesAsync(new("USER0@Example.com", null, null), 1)));
        Assert.Single(await PagesAsync(new("user0@example.com", "a", UserStatus.Active), 1));
        Assert.Empty(await PagesAsync(new("user0@example.com", "b", null), 1));
        Assert.Empty(await PagesAsync(new("user0@example.com", null, UserStatus.Suspended), 1));
        Assert.Empty(await PagesAsync(new("nobody", null, null), 1));
        Assert.Empty(await PagesAsync(new("unknown@example.com", null, null), 1));
    }

    [Fact]
    public async Task Another_tenant_sees_nobody_and_nobody_sees_the_deleted()
    {
        var ada = (await ManyAsync())[0];
        var page = await users.Find.HandleAsync(Everybody, 50, null, UseCases.Stranger, ConsistencyToken.None, UseCases.Cancellation);
        Assert.Empty(page!.Items);
        await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, null, UseCases.Cancellation);
        Assert.DoesNotContain(ada.Id, (await PagesAsync(Everybody, 5)).Select(u => u.Id));
        Assert.Empty(await PagesAsync(new("user0@example.com", null, null), 5));
    }

    private async Task<List<User>> ManyAsync()
    {
        List<User> made = [];
        foreach (var name in new[] { "Ada", "ada", "Ada", "ada 1", "Ada 2", "ADA 3", "Ad", "Bob", "adB", "Zoë", "zoe\u0308", "Émile" })
        {
            made.Add(await users.SignUpAsync(name, $"user{made.Count}@example.com"));
        }

        return made;
    }

    private ValueTask<Page<Read<User>>?> PageAsync(FindUsers.Filter filter, int limit, string? cursor) =>
        users.Find.HandleAsync(filter, limit, cursor, UseCases.Key, ConsistencyToken.None, UseCases.Cancellation);

    private async Task<List<User>> PagesAsync(FindUsers.Filter filter, int limit)
    {
        List<User> found = [];
        string? cursor = null;
        do
        {
            var page = await PageAsync(filter, limit, cursor);
            Assert.NotNull(page);
            Assert.True(page.Items.Count <= limit);
            Assert.True(page.Next is null || page.Items.Count == limit);
            found.AddRange(page.Items.Select(read => read.State));
            Assert.True(found.Count < 100, "Pages go on for ever.");
            cursor = page.Next;
        }
        while (cursor is not null);
        return found;
    }

    private sealed class QuerySpy(IStore inner) : DelegatingStore(inner)
    {
        public UserQuery? Last { get; private set; }

        public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(
            UserQuery query, ConsistencyToken after, CancellationToken cancellation)
        {
            Last = query;
            return Inner.ListAsync(query, after, cancellation);
        }
    }
}

using Roster.Core.Keys;
using Xunit;

namespace Roster.Tests.Keys;

public sealed class ScopesTests
{
    private static readonly Scopes[] Each = [.. Enum.GetValues<Scopes>().Where(scope => scope is not (Scopes.None or Scopes.Self))];

    [Fact]
    public void Every_scope_has_a_name_that_is_read_back() =>
        Assert.All(Each, scope => Assert.Equal(scope, ScopeNames.Parse(ScopeNames.NameOf(scope))));

    [Fact]
    public void Messages_name_every_scope() =>
        Assert.Equal(Each.Select(ScopeNames.NameOf), ScopeNames.Known.Split(", "));

    [Fact]
    public void Admin_covers_all() => Assert.All(Each, scope => Assert.True(Scopes.Admin.Cover(scope)));

    [Fact]
    public void Any_other_scope_covers_only_itself() => Assert.All(
        Each.Where(scope => scope != Scopes.Admin),
        granted => Assert.Equal([granted], Each.Where(needed => granted.Cover(needed))));

    [Fact]
    public void Two_scopes_that_are_needed_are_both_needed()
    {
        const Scopes both = Scopes.UsersRead | Scopes.PostsWrite;
        Assert.False(Scopes.UsersRead.Cover(both));
        Assert.True(both.Cover(both));
        Assert.True((both | Scopes.EventsRead).Cover(both));
        Assert.True(Scopes.Admin.Cover(both));
    }

    [Fact]
    public void Nothing_granted_covers_nothing() => Assert.All(Each, needed => Assert.False(Scopes.None.Cover(needed)));

    [Theory]
    [InlineData("users:fly")]
    [InlineData("Admin")]
    [InlineData("admin ")]
    [InlineData("")]
    public void An_unknown_name_grants_nothing(string name)
    {
        Assert.Equal(Scopes.None, ScopeNames.Parse(name));
        Assert.Equal(Scopes.UsersRead, ScopeNames.ParseAll([name, "users:read"]));
    }
}

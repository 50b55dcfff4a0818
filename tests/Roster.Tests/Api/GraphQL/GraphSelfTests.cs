using Roster.Tests.Api.Auth;
using Xunit;

namespace Roster.Tests.Api.GraphQL;

public sealed class GraphSelfTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    [Fact]
    public async Task A_bound_caller_reaches_its_own_user_and_nothing_else()
    {
        var (own, other) = (await fixture.Server.Admin.SignUpAsync(), await fixture.Server.Admin.SignUpAsync());
        var post = await fixture.Server.Admin.PublishAsync(other.Id);
        using var self = fixture.Server.With(fixture.Issuer.TokenOf(own.Id));
        var read = await self.DataAsync(
            "query($own: ID!, $other: ID!, $post: ID!, $r: [_Any!]!) { own: user(id: $own) { name posts { nodes { id } } } other: user(id: $other) { name } post(id: $post) { text } _entities(representations: $r) { __typename } }",
            new { own = own.Id, other = other.Id, post = post.Id, r = new[] { new { __typename = "User", id = other.Id } } });
        Assert.Equal("Ada Lovelace", read.At("own", "name").GetString());
        Assert.Equal("[null]", read.GetProperty("_entities").GetRawText());
        Assert.Equal("null null", $"{read.GetProperty("other").GetRawText()} {read.GetProperty("post").GetRawText()}");

        const string Write = "mutation($id: ID!) { changeUser(id: $id, input: { name: \"Mine\" }) { user { name } error { __typename } } publishPost(userId: $id, input: { text: \"x\" }) { post { text } error { __typename } } }";
        Assert.Equal("Mine", (await self.DataAsync(Write, new { id = own.Id })).At("changeUser", "user", "name").GetString());
        var refused = await self.DataAsync(Write, new { id = other.Id });
        Assert.Equal("NotFound", refused.At("changeUser", "error", "__typename").GetString());
        Assert.Equal("NotFound", refused.At("publishPost", "error", "__typename").GetString());
        Assert.Equal("MISSING_SCOPE", (await self.AskAsync("{ users { nodes { id } } }")).Code());
        Assert.Equal("MISSING_SCOPE", (await self.AskAsync("mutation($id: ID!) { suspendUser(id: $id) { user { id } } }", new { id = own.Id })).Code());
        Assert.Equal("INTROSPECTION_REFUSED", (await self.AskAsync("{ __schema { types { name } } }")).Is(400).Code());
    }
}

using Roster.Client;
using Xunit;

namespace Roster.Tests.Client;

public sealed class PostRequestTests
{
    [Fact]
    public async Task Requests_about_posts_are_as_the_document_says()
    {
        using var document = new ExampleHandler();
        using var client = new RosterClient(new HttpClient(document), new Uri("http://document"), null);
        var user = new Guid("01890a5d-ac96-774b-bcce-b302099a8057");

        var post = await client.PublishPostAsync(user, "Hello.");
        Assert.Equal("Hello.", post.Text);
        Assert.Equal(post.Id, (await client.ListPostsAsync(user, pageSize: 3).ToListAsync()).Single().Id);
        Assert.Equal(post, await client.GetPostAsync(post.Id));
        await client.EditPostAsync(post.Id, "Hello again.", ifVersion: 1);
        await client.DeletePostAsync(post.Id, ifVersion: 2);
        await client.ListUsersAsync(new UserFilter { WithPosts = true }).ToListAsync();

        Assert.Equal(["publishPost", "listPosts", "getPost", "editPost", "deletePost", "listUsers"], document.Called);
    }
}

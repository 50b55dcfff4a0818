using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

/// <summary>What the use cases decide, without any store.</summary>
public sealed class PostDecisionTests
{
    private static readonly User Ada = Streams.UserAfter();
    private static readonly User Suspended = Streams.UserAfter(new Suspended());
    private static readonly PostId Id = new(IdLayout.Compose(1, Streams.Ada.Bucket, 1));

    private static readonly Post Hello =
        PostFold.Apply(null, Streams.Recorded(2, new PostPublished(Id, "Hello"), version: 1), TenantId.Default)!;

    public static TheoryData<string?> BadTexts => [(string?)null, "", " \n", "a\0b", "a\ud800", new string('a', 10_001)];

    [Fact]
    public void A_text_is_published() =>
        Assert.Equal(new PostPublished(Id, "Hello"), PublishPost.Decide(Ada, Id, new("Hello")).Event);

    [Theory]
    [MemberData(nameof(BadTexts))]
    public void A_bad_text_is_neither_published_nor_taken_for_an_edit(string? text)
    {
        Invalid(PublishPost.Decide(Ada, Id, new(text)));
        if (text is not null)
        {
            Invalid(ChangePost.Decide(Ada, Hello, new(text)));
        }
    }

    [Fact]
    public void The_longest_text_has_10_000_characters_whatever_their_size() =>
        Assert.NotNull(PublishPost.Decide(Ada, Id, new(string.Concat(Enumerable.Repeat("😀", 10_000)))).Event);

    [Fact]
    public void What_was_wrong_with_the_request_is_said_with_the_rest()
    {
        var errors = new ValidationErrors().Add("age", "is not a known field");
        Assert.Equal(["age", "text"], Invalid(PublishPost.Decide(Ada, Id, new("") { Errors = errors })));
        Assert.Equal(["age"], Invalid(ChangePost.Decide(Ada, Hello, new((string?)null) { Errors = errors })));
        Assert.Equal("age is not a known field", errors.ToString());
    }

    [Fact]
    public void A_patch_that_says_what_is_so_already_makes_no_event()
    {
        Assert.Equal(PostWriter.Decision.Of(null), ChangePost.Decide(Ada, Hello, new("Hello")));
        Assert.Equal(PostWriter.Decision.Of(null), ChangePost.Decide(Ada, Hello, new((string?)null)));
        Assert.Equal(new PostEdited(Id, "hello"), ChangePost.Decide(Ada, Hello, new("hello")).Event);
    }

    [Fact]
    public void A_stale_version_is_refused_before_anything_else()
    {
        var stale = new WriteResult<Post>.VersionMismatch(1);
        Assert.Equal(stale, ChangePost.Decide(Suspended, Hello, new("") { Accepts = version => version == 2 }).Refusal);
        Assert.Equal(stale, DeletePost.Decide(Hello, version => version == 2).Refusal);
        Assert.Equal(new PostDeleted(Id), DeletePost.Decide(Hello, version => version == 1).Event);
    }

    [Fact]
    public void The_suspended_neither_publish_nor_edit()
    {
        Assert.IsType<WriteResult<Post>.Conflict>(PublishPost.Decide(Suspended, Id, new("Hello")).Refusal);
        Assert.IsType<WriteResult<Post>.Conflict>(ChangePost.Decide(Suspended, Hello, new("Bye")).Refusal);
        Assert.IsType<WriteResult<Post>.Conflict>(ChangePost.Decide(Suspended, Hello, new("Hello")).Refusal);
        Assert.Equal(new PostDeleted(Id), DeletePost.Decide(Hello, null).Event);
    }

    private static IEnumerable<string> Invalid(PostWriter.Decision decision)
    {
        Assert.Null(decision.Event);
        return Assert.IsType<WriteResult<Post>.Invalid>(decision.Refusal).Errors.ByField.Select(field => field.Key);
    }
}

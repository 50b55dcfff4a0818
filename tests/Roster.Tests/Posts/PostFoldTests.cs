using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

public sealed class PostFoldTests
{
    private static readonly PostId First = new(IdLayout.Compose(1, Streams.Ada.Bucket, 1));
    private static readonly PostId Second = new(IdLayout.Compose(2, Streams.Ada.Bucket, 2));

    [Fact]
    public void A_post_is_published_and_edited()
    {
        var post = Assert.Single(Fold(Streams.AdaSignsUp, new PostPublished(First, "hello"), new PostEdited(First, "hello!"))).Value;
        Assert.Equal(
            new Post
            {
                Id = First,
                User = Streams.Ada,
                Tenant = TenantId.Default,
                Text = "hello!",
                Version = 3,
                CreatedAt = Streams.Start.AddSeconds(2),
                UpdatedAt = Streams.Start.AddSeconds(3),
            },
            post);
    }

    [Fact]
    public void A_deleted_post_is_gone_and_the_others_stay() => Assert.Equal(
        [Second],
        Fold(Streams.AdaSignsUp, new PostPublished(First, "1"), new PostPublished(Second, "2"), new PostDeleted(First)).Keys);

    [Fact]
    public void With_its_author_every_post_goes() =>
        Assert.Empty(Fold(Streams.AdaSignsUp, new PostPublished(First, "1"), new UserDeleted()));

    [Fact]
    public void What_cannot_happen_to_a_post_is_damage()
    {
        Damaged(new PostEdited(First, "1"));
        Damaged(new PostDeleted(First));
        Damaged(new PostPublished(First, "1"), new PostPublished(First, "1"));
        Damaged(new PostPublished(First, "1"), new PostDeleted(First), new PostEdited(First, "2"));
        Assert.Throws<InvalidDataException>(() => PostFold.Apply(null, Streams.Recorded(1, new Suspended()), TenantId.Default));
    }

    [Fact]
    public void Folding_a_post_event_by_event_is_folding_the_stream()
    {
        var stream = Streams.Of(Streams.AdaSignsUp, new PostPublished(First, "1"), new PostEdited(First, "2"), new PostEdited(First, "3"));
        var step = stream.Skip(1).Aggregate((Post?)null, (post, e) => PostFold.Apply(post, e, TenantId.Default));
        Assert.Equal(PostFold.Fold(stream, TenantId.Default)[First], step);
    }

    private static IReadOnlyDictionary<PostId, Post> Fold(params DomainEvent[] events) =>
        PostFold.Fold(Streams.Of(events), TenantId.Default);

    private static void Damaged(params DomainEvent[] events) => Assert.Throws<InvalidDataException>(() => Fold(events));
}

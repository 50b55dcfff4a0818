using CsCheck;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

public sealed class UserFoldTests
{
    private static readonly PostId Post = new(IdLayout.Compose(1, Streams.Ada.Bucket, 9));

    private static readonly Gen<DomainEvent> Later = Gen.OneOf<DomainEvent>(
        new ProfileChanged("Ada L.", null),
        new ProfileChanged(null, Attributes.Empty),
        new EmailChanged("ada@example.org", "Ada@Example.com"),
        new Suspended(),
        new Reactivated(),
        new PostPublished(Post, "hello"));

    [Fact]
    public void A_sign_up_begins_a_user()
    {
        var user = Streams.UserAfter();
        Assert.Equal(
            new User
            {
                Id = Streams.Ada,
                Tenant = TenantId.Default,
                Name = "Ada",
                Email = "Ada@Example.com",
                EmailKey = "ada@example.com",
                Attributes = Attributes.FromCanonical("""{"a":1}"""),
                Status = UserStatus.Active,
                Version = 1,
                Sequence = 1,
                CreatedAt = Streams.Start.AddSeconds(1),
                UpdatedAt = Streams.Start.AddSeconds(1),
                LastEventAt = Streams.Start.AddSeconds(1),
            },
            user);
    }

    [Fact]
    public void A_changed_name_leaves_the_attributes_and_the_other_way_round()
    {
        var named = Streams.UserAfter(new ProfileChanged("Ada L.", null));
        Assert.Equal(("Ada L.", """{"a":1}"""), (named.Name, named.Attributes.Json));
        var described = Streams.UserAfter(new ProfileChanged(null, Attributes.Empty));
        Assert.Equal(("Ada", "{}"), (described.Name, described.Attributes.Json));
    }

    [Fact]
    public void A_changed_e_mail_changes_its_key()
    {
        var user = Streams.UserAfter(new EmailChanged("ADA@MÜNCHEN.de", "Ada@Example.com"));
        Assert.Equal(("ADA@MÜNCHEN.de", "ada@xn--mnchen-3ya.de"), (user.Email, user.EmailKey));
    }

    [Fact]
    public void A_user_is_suspended_reactivated_and_deleted()
    {
        Assert.Equal(UserStatus.Suspended, Streams.UserAfter(new Suspended()).Status);
        Assert.Equal(UserStatus.Active, Streams.UserAfter(new Suspended(), new Reactivated()).Status);
        var deleted = Streams.UserAfter(new Suspended(), new UserDeleted());
        Assert.Equal((UserStatus.Deleted, false, (DateTimeOffset?)Streams.Start.AddSeconds(3)), (deleted.Status, deleted.Exists, deleted.DeletedAt));
    }

    [Fact]
    public void A_profile_event_moves_version_sequence_and_times()
    {
        var user = UserFold.Apply(Streams.UserAfter(), Streams.Recorded(5, new Suspended(), version: 2), TenantId.Default);
        var at = Streams.Start.AddSeconds(5);
        Assert.Equal((2L, 5L, at, at), (user.Version, user.Sequence, user.UpdatedAt, user.LastEventAt));
        Assert.Equal(Streams.Start.AddSeconds(1), user.CreatedAt);
    }

    [Fact]
    public void A_post_moves_only_the_stream() => Assert.All<PostEvent>(
        [new PostPublished(Post, "hello"), new PostEdited(Post, "hello!"), new PostDeleted(Post)],
        what => Assert.Equal(
            Streams.UserAfter() with { Sequence = 2, LastEventAt = Streams.Start.AddSeconds(2) }, Streams.UserAfter(what)));

    [Fact]
    public void An_empty_stream_is_no_user() => Assert.Null(UserFold.Fold([], TenantId.Default));

    [Fact]
    public void Folding_in_two_parts_is_folding_the_whole() => Gen.Select(Later.List[0, 12], Gen.Int[0, 12]).Sample((later, cut) =>
    {
        var stream = Streams.Of([Streams.AdaSignsUp, .. later]);
        var first = UserFold.Fold(stream.Take(cut), TenantId.Default);
        return stream.Skip(cut).Aggregate(first, (state, e) => UserFold.Apply(state, e, TenantId.Default))
            == UserFold.Fold(stream, TenantId.Default);
    });

    [Fact]
    public void Posts_may_be_left_out_but_for_the_end_of_the_stream() => Later.List[0, 12].Sample(later =>
    {
        var whole = Streams.Of([Streams.AdaSignsUp, .. later]);
        var profile = UserFold.Fold(whole.Where(e => e.What is UserEvent), TenantId.Default)!;
        var last = whole[^1];
        return UserFold.Fold(whole, TenantId.Default) == profile with { Sequence = last.Sequence, LastEventAt = last.At };
    });

    [Fact]
    public void A_stream_that_does_not_begin_with_a_sign_up_is_damaged() => Assert.All<DomainEvent>(
        [new ProfileChanged("x", null), new EmailChanged("a@b.c", "d@e.f"), new Suspended(), new Reactivated(), new UserDeleted(), new PostDeleted(Post)],
        what => Damaged(what));

    [Fact]
    public void A_second_sign_up_is_damage() => Damaged(Streams.AdaSignsUp, Streams.AdaSignsUp);

    [Fact]
    public void Whatever_follows_a_deletion_is_damage() => Assert.All<DomainEvent>(
        [new ProfileChanged("x", null), new EmailChanged("a@b.c", "d@e.f"), new Suspended(), new Reactivated(), new UserDeleted(), new PostDeleted(Post)],
        what => Damaged(Streams.AdaSignsUp, new UserDeleted(), what));

    [Fact]
    public void A_recorded_e_mail_that_is_none_is_damage()
    {
        Damaged(Streams.AdaSignsUp with { Email = "nobody" });
        Damaged(Streams.AdaSignsUp, new EmailChanged("nobody", "Ada@Example.com"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_sequence_that_does_not_grow_is_damage(long sequence) => Assert.Throws<InvalidDataException>(
        () => UserFold.Apply(Streams.UserAfter(), Streams.Recorded(sequence, new Suspended()), TenantId.Default));

    [Fact]
    public void Another_users_event_is_damage()
    {
        var other = new UserId(IdLayout.Compose(2, Streams.Ada.Bucket, 2));
        Assert.Throws<InvalidDataException>(
            () => UserFold.Apply(Streams.UserAfter(), Streams.Recorded(2, new Suspended(), user: other), TenantId.Default));
    }

    private static void Damaged(params DomainEvent[] events) =>
        Assert.Throws<InvalidDataException>(() => UserFold.Fold(Streams.Of(events), TenantId.Default));
}

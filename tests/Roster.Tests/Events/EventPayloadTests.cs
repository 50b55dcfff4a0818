using System.Text;
using CsCheck;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Events;

public sealed class EventPayloadTests
{
    private static readonly PostId Post = new(IdLayout.Compose(1, new BucketId(3), 9));
    private static readonly Attributes Some = Attributes.FromCanonical("""{"a":{"b":[1,"\u2028"]}}""");

    private static readonly DomainEvent[] Every =
    [
        new SignedUp("Ada", "ada@example.com", Some),
        new SignedUp("Ada", "ada@example.com", Attributes.Empty, "import"),
        new SignedUp("Ada", "ada@example.com", Attributes.Empty, "else\"where"),
        new ProfileChanged("Ada", null),
        new ProfileChanged(null, Some),
        new ProfileChanged("Ada", Attributes.Empty),
        new EmailChanged("ada@example.org", "ada@example.com"),
        new Suspended(),
        new Reactivated(),
        new UserDeleted(),
        new PostPublished(Post, "hello"),
        new PostEdited(Post, "hello!"),
        new PostDeleted(Post),
    ];

    [Fact]
    public void Every_event_is_read_back_as_it_was() => Assert.All(Every, what => Assert.Equal(what, ThereAndBack(what)));

    [Fact]
    public void No_kind_of_event_is_forgotten_here() => Assert.Equal(
        typeof(DomainEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(DomainEvent)) && !t.IsAbstract).OrderBy(t => t.Name),
        Every.Select(what => what.GetType()).Distinct().OrderBy(t => t.Name));

    [Fact]
    public void Any_text_comes_back() => Gen.Char.Where(c => !char.IsSurrogate(c)).Array[0, 50].Select(c => new string(c)).Sample(text =>
        ThereAndBack(new PostPublished(Post, text)).Equals(new PostPublished(Post, text))
        && ThereAndBack(new SignedUp(text, text, Some, text)).Equals(new SignedUp(text, text, Some, text)));

    [Fact]
    public void What_is_the_persons_own_stands_in_the_personal_part_only()
    {
        Assert.All(Every, what =>
        {
            var open = Encoding.UTF8.GetString(EventPayload.Of(what).Open.Span);
            Assert.True(open.Length == 0 || open.StartsWith("{\"source\":", StringComparison.Ordinal), open);
        });
        var signedUp = EventPayload.Of(Every[1]);
        Assert.Equal("""{"source":"import"}""", Encoding.UTF8.GetString(signedUp.Open.Span));
        Assert.Equal("""{"name":"Ada","attributes":{},"email":"ada@example.com"}""", Encoding.UTF8.GetString(signedUp.Personal.Span));
    }

    [Fact]
    public void An_empty_part_is_no_bytes_at_all() =>
        Assert.Equal(default, EventPayload.Of(new Suspended()));

    [Theory]
    [InlineData("roster.user.flew.v1", "")]
    [InlineData(SignedUp.TypeName, "")]
    [InlineData(SignedUp.TypeName, """{"name":"Ada","attributes":{}}""")]
    [InlineData(SignedUp.TypeName, """{"name":"Ada","email":"ada@example.com"}""")]
    [InlineData(SignedUp.TypeName, """{"name":1,"email":"ada@example.com","attributes":{}}""")]
    [InlineData(SignedUp.TypeName, """["name"]""")]
    [InlineData(EmailChanged.TypeName, """{"email":"ada@example.com"}""")]
    [InlineData(EmailChanged.TypeName, """{"email":""")]
    [InlineData(PostEdited.TypeName, """{"text":"without a post"}""")]
    public void What_is_no_event_of_ours_is_damage(string type, string personal) => Assert.Throws<InvalidDataException>(
        () => EventPayload.Read(type, null, new EventPayload(default, Encoding.UTF8.GetBytes(personal))));

    private static DomainEvent ThereAndBack(DomainEvent what) =>
        EventPayload.Read(what.Type, (what as PostEvent)?.Post, EventPayload.Of(what));
}

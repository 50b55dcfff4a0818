using System.Text;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Conformance.Building;

/// <summary>
/// Valid changes from current states: what comes next is always the fold of the change's events. Ids and times come
/// from counters, so the same calls build the same changes. Safe for concurrent use.
/// </summary>
public sealed class Changes
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("the suite's placement secret,32b");
    private readonly Placement placement = new(Secret);
    private long ticks;
    private long ids;

    /// <summary>The time of the first change is a millisecond later.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time the last change was built at.</summary>
    public DateTimeOffset Now => Start.AddMilliseconds(Interlocked.Read(ref ticks));

    /// <summary>Lets time pass.</summary>
    public void Wait(TimeSpan time) => Interlocked.Add(ref ticks, (long)time.TotalMilliseconds);

    /// <summary>The claim of an e-mail.</summary>
    public ClaimKey ClaimOf(string email, TenantId? tenant = null)
    {
        var key = EmailAddress.TryParse(email, out var parsed, out var error) ? parsed.Key : throw new ArgumentException(error, nameof(email));
        var whose = tenant ?? TenantId.Default;
        return new ClaimKey(placement.BucketOf(whose, key), whose, key);
    }

    /// <summary>A new user's id; in the bucket of its e-mail unless another is named.</summary>
    public UserId NewUserId(string email, TenantId? tenant = null) => new(NewId(ClaimOf(email, tenant).Bucket));

    /// <summary>Somebody signs up.</summary>
    public Change Register(string name, string email, TenantId? tenant = null, UserId? id = null) =>
        Of(id ?? NewUserId(email, tenant), null, tenant ?? TenantId.Default, new SignedUp(name, email, Attributes.Empty));

    /// <summary>Another name.</summary>
    public Change Rename(User user, string name) => Of(user, new ProfileChanged(name, null));

    /// <summary>Other attributes, as canonical JSON.</summary>
    public Change SetAttributes(User user, string json) =>
        Of(user, new ProfileChanged(null, Attributes.FromCanonical(json)));

    /// <summary>Another e-mail.</summary>
    public Change ChangeEmail(User user, string email) => Of(user, new EmailChanged(email, user.Email));

    /// <summary>Another name and e-mail in one change: two events that share version and time.</summary>
    public Change RenameAndChangeEmail(User user, string name, string email) =>
        Of(user, new ProfileChanged(name, null), new EmailChanged(email, user.Email));

    /// <summary>The user may no longer post.</summary>
    public Change Suspend(User user) => Of(user, new Suspended());

    /// <summary>The user may post again.</summary>
    public Change Reactivate(User user) => Of(user, new Reactivated());

    /// <summary>The user goes; its posts are left to the clean-up.</summary>
    public Change Delete(User user) => Of(user, new UserDeleted());

    /// <summary>A new post.</summary>
    public Change Publish(User user, string text) => OfPost(user, null, new PostPublished(new PostId(NewId(user.Id.Bucket)), text));

    /// <summary>Another text.</summary>
    public Change Edit(User user, Post post, string text) => OfPost(user, post, new PostEdited(post.Id, text));

    /// <summary>The post goes.</summary>
    public Change Remove(User user, Post post) => OfPost(user, post, new PostDeleted(post.Id));

    /// <summary>Any profile events, as one change.</summary>
    public Change Of(User user, params UserEvent[] events) => Of(user.Id, user, user.Tenant, events);

    private Change Of(UserId id, User? before, TenantId tenant, params UserEvent[] events)
    {
        var version = (before?.Version ?? 0) + 1;
        var recorded = Record(id, before, version, events);
        var next = recorded.Aggregate(before, (state, e) => UserFold.Apply(state, e, tenant))!;
        return new Change
        {
            User = id,
            ExpectedSequence = before?.Sequence ?? 0,
            Next = next,
            Events = recorded,
            Claims = [.. ClaimsOf(before, next)],
        };
    }

    private Change OfPost(User author, Post? before, PostEvent what)
    {
        var recorded = Record(author.Id, author, (before?.Version ?? 0) + 1, [what]);
        return new Change
        {
            User = author.Id,
            ExpectedSequence = author.Sequence,
            Next = UserFold.Apply(author, recorded[0], author.Tenant),
            Posts = [new PostWrite(what.Post, PostFold.Apply(before, recorded[0], author.Tenant))],
            Events = recorded,
        };
    }

    private RecordedEvent[] Record(UserId user, User? before, long version, DomainEvent[] events)
    {
        var at = Timestamps.Next(Start.AddMilliseconds(Interlocked.Increment(ref ticks)), before?.LastEventAt);
        return [.. events.Select((what, i) => new RecordedEvent
        {
            Id = NewId(user.Bucket),
            User = user,
            Sequence = (before?.Sequence ?? 0) + 1 + i,
            Version = version,
            At = at,
            Actor = "key:suite",
            What = what,
        })];
    }

    private IEnumerable<ClaimWrite> ClaimsOf(User? before, User next)
    {
        var old = before is { Exists: true } ? ClaimOf(before.Email, before.Tenant) : (ClaimKey?)null;
        var now = next.Exists ? ClaimOf(next.Email, next.Tenant) : (ClaimKey?)null;
        if (now is { } take && take != old)
        {
            yield return new ClaimWrite(take, Take: true);
        }

        if (old is { } release && release != now)
        {
            yield return new ClaimWrite(release, Take: false);
        }
    }

    private Guid NewId(BucketId bucket)
    {
        var n = (ulong)Interlocked.Increment(ref ids);
        return IdLayout.Compose(Now.ToUnixTimeMilliseconds(), bucket, n * 0x9E37_79B9_7F4A_7C15UL);
    }
}

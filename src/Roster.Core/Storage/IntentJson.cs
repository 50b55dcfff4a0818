using System.Text.Json;
using System.Text.Json.Serialization;
using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>Intents as the bytes that stand on a row: JSON, times in microseconds since 1970. Read by any later version.</summary>
public static partial class IntentJson
{
    /// <summary>The bytes of an intent.</summary>
    public static byte[] Encode(Intent intent) => JsonSerializer.SerializeToUtf8Bytes(
        new Body(
            intent.Id,
            intent.Fence,
            [.. intent.Elsewhere.Select(ClaimBody.Of)],
            intent.Pending is null ? null : PendingBody.Of(intent.Pending)),
        Context.Default.Body);

    /// <summary>The intent that was written as these bytes on a user's row.</summary>
    /// <exception cref="InvalidDataException">They are no intent.</exception>
    public static Intent Decode(ReadOnlySpan<byte> bytes, UserId user)
    {
        try
        {
            var body = JsonSerializer.Deserialize(bytes, Context.Default.Body)!;
            return new Intent
            {
                Id = body.Id,
                Fence = body.Fence,
                Elsewhere = [.. body.Elsewhere.Select(claim => claim.Read())],
                Pending = body.Pending?.Read(user),
            };
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The intent on user {user} cannot be read.", e);
        }
    }

    private sealed record Body(Guid Id, long Fence, ClaimBody[] Elsewhere, PendingBody? Pending);

    private sealed record ClaimBody(int Bucket, string Tenant, string Email, bool Take)
    {
        public static ClaimBody Of(ClaimWrite claim) =>
            new(claim.Key.Bucket.Value, claim.Key.Tenant.Value, claim.Key.EmailKey, claim.Take);

        public ClaimWrite Read() => new(new ClaimKey(new BucketId(Bucket), new TenantId(Tenant), Email), Take);
    }

    private sealed record PendingBody(long Expected, EventBody[] Events, ClaimBody[] Claims, RecordBody? Idempotency)
    {
        public static PendingBody Of(PendingChange pending) => new(
            pending.ExpectedSequence,
            [.. pending.Events.Select(EventBody.Of)],
            [.. pending.Claims.Select(ClaimBody.Of)],
            pending.Idempotency is null ? null : RecordBody.Of(pending.Idempotency));

        public PendingChange Read(UserId user) => new()
        {
            ExpectedSequence = Expected,
            Events = [.. Events.Select(body => body.Read(user))],
            Claims = [.. Claims.Select(claim => claim.Read())],
            Idempotency = Idempotency?.Read(),
        };
    }

    private sealed record EventBody(
        Guid Id, long Sequence, long Version, long At, string Actor, string Type, Guid? Post, byte[] Open, byte[] Personal)
    {
        public static EventBody Of(RecordedEvent recorded)
        {
            var payload = EventPayload.Of(recorded.What);
            return new(
                recorded.Id,
                recorded.Sequence,
                recorded.Version,
                Timestamps.ToMicroseconds(recorded.At),
                recorded.Actor,
                recorded.What.Type,
                recorded.What is Posts.PostEvent e ? e.Post.Value : null,
                payload.Open.ToArray(),
                payload.Personal.ToArray());
        }

        public RecordedEvent Read(UserId user) => new()
        {
            Id = Id,
            User = user,
            Sequence = Sequence,
            Version = Version,
            At = Timestamps.FromMicroseconds(At),
            Actor = Actor,
            What = EventPayload.Read(Type, Post is { } post ? new PostId(post) : null, new EventPayload(Open, Personal)),
        };
    }

    private sealed record RecordBody(
        string Principal, byte[] Key, byte[] Request, Guid User, Guid? Post, long Version, int Status, long At)
    {
        public static RecordBody Of(IdempotencyRecord record) => new(
            record.Principal,
            record.KeyHash.ToArray(),
            record.RequestHash.ToArray(),
            record.User.Value,
            record.Post?.Value,
            record.Version,
            record.Status,
            Timestamps.ToMicroseconds(record.At));

        public IdempotencyRecord Read() => new()
        {
            Principal = Principal,
            KeyHash = new Hash256(Key),
            RequestHash = new Hash256(Request),
            User = new UserId(User),
            Post = Post is { } post ? new PostId(post) : null,
            Version = Version,
            Status = Status,
            At = Timestamps.FromMicroseconds(At),
        };
    }

    [JsonSerializable(typeof(Body))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class Context : JsonSerializerContext;
}

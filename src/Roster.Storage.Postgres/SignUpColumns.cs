using Roster.Core.Events;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>
/// A batch of nothing but sign-ups as the arrays that <c>roster_sign_up</c> takes (<c>Migrations/0006_sign_ups_unseen.sql</c>): a third of what
/// any batch needs, because a sign-up is new in every table. docs/adr/0015 says what that is worth.
/// </summary>
internal static class SignUpColumns
{
    /// <summary>The call.</summary>
    public const string Sql = """
        SELECT roster_sign_up($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """;

    /// <summary>The statement, or null when the batch holds something else, or two that exclude each other.</summary>
    /// <param name="changes">The batch.</param>
    /// <param name="looksFirst">Whether e-mails in use are looked for before anything is written.</param>
    public static Statement? Of(PreparedChange[] changes, bool looksFirst)
    {
        if (!Array.TrueForAll(changes, IsSignUp))
        {
            return null;
        }

        // All batches meet claims in one order.
        var signUps = new SignUp[changes.Length];
        for (var i = 0; i < signUps.Length; i++)
        {
            signUps[i] = new SignUp(i + 1, changes[i]);
        }

        Array.Sort(signUps, static (a, b) => ClaimStep.Compare(a.Key, b.Key));
        for (var i = 1; i < signUps.Length; i++)
        {
            if (signUps[i - 1].Key == signUps[i].Key)
            {
                return null;
            }
        }

        var records = Array.FindAll(signUps, s => s.Record is not null);
        return records.Select(s => (s.Record!.Principal, s.Record.KeyHash)).HasDuplicates() ? null : Bind(signUps, records.Length > 0, looksFirst);
    }

    /// <summary>Exactly what a plain sign-up writes; whatever differs goes the general way.</summary>
    private static bool IsSignUp(PreparedChange prepared)
    {
        var change = prepared.Change;
        return change is
            {
                ExpectedSequence: 0, ExpectedIntent: null, Intent: null, Next: { Sequence: 1, Version: 1, Status: UserStatus.Active, DeletedAt: null } next,
                Posts.Count: 0, Reservations.Count: 0, Claims: [{ Take: true, Key: var key }],
                Events: [{ Sequence: 1, Version: 1, What: SignedUp, At: var at }],
            }
            && key == new ClaimKey(change.User.Bucket, next.Tenant, next.EmailKey)
            && next.CreatedAt == at && next.UpdatedAt == at && next.LastEventAt == at
            && (change.Idempotency is not { } record || (record.User == change.User && record is { Post: null, Version: 1 } && record.At == at));
    }

    private static Statement Bind(SignUp[] signUps, bool hasRecords, bool looksFirst) => new(
        Sql,
        Bound.Of(Array.ConvertAll(signUps, s => s.Number)),
        Bound.Of(Array.ConvertAll(signUps, s => (short)s.Change.User.Bucket.Value)),
        Bound.Of(Array.ConvertAll(signUps, s => s.Change.User.Value)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Key.Tenant.Value)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Change.Next!.Name)),
        Bound.Of(Array.ConvertAll(signUps, s => (byte[]?)s.Prepared.FoldedName)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Change.Next!.Email)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Key.EmailKey)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Change.Next!.Attributes.Json)),
        Bound.Of(Array.ConvertAll(signUps, s => Timestamps.ToMicroseconds(s.Event.At))),
        Bound.Of(Array.ConvertAll(signUps, s => s.Event.Id)),
        Bound.Of(Array.ConvertAll(signUps, s => (string?)s.Event.Actor)),
        Bound.Of(Array.ConvertAll(signUps, s => Bound.BytesOrNull(s.Prepared.Payloads[0].Open))),
        Bound.Of(Array.ConvertAll(signUps, s => Bound.BytesOrNull(s.Prepared.Payloads[0].Personal))),
        Bound.Of(Array.ConvertAll(signUps, s => s.Record?.Principal)),
        Bound.Of(Array.ConvertAll(signUps, s => s.Record?.KeyHash.ToArray())),
        Bound.Of(Array.ConvertAll(signUps, s => s.Record?.RequestHash.ToArray())),
        Bound.Of(Array.ConvertAll(signUps, s => (short)(s.Record?.Status ?? 0))),
        Bound.Of(signUps[0].Event.What.Type),
        Bound.Of(EventPayload.PersonalKeyId),
        Bound.Of(hasRecords),
        Bound.Of(looksFirst));

    /// <summary>A sign-up and its place in the batch, from 1.</summary>
    private readonly record struct SignUp(int Number, PreparedChange Prepared)
    {
        public Change Change => Prepared.Change;

        public ClaimKey Key => Change.Claims[0].Key;

        public RecordedEvent Event => Change.Events[0];

        public IdempotencyRecord? Record => Change.Idempotency;
    }
}

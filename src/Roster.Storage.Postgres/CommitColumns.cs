using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>A batch as the arrays that <c>roster_commit</c> takes (<c>Migrations/0002_commit.sql</c>), in the order it locks in.</summary>
internal sealed class CommitColumns
{
    /// <summary>The call.</summary>
    public const string Sql = """
        SELECT roster_commit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
            $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57)
        """;

    private const short NoRow = 0;
    private const short NewRow = 1;
    private const short WholeRow = 2;
    private const short OnlyStream = 3;

    private readonly PreparedChange[] changes;
    private readonly int[] numbers;

    /// <summary>Lays out a batch.</summary>
    /// <param name="changes">In any order; outcomes come back in that of <see cref="Places"/>.</param>
    public CommitColumns(PreparedChange[] changes)
    {
        this.changes = changes;
        Places = [.. Enumerable.Range(0, changes.Length).OrderBy(i => changes[i].Change.User.Bucket.Value).ThenBy(i => changes[i].Change.User)];
        numbers = new int[changes.Length];
        for (var place = 0; place < Places.Length; place++)
        {
            numbers[Places[place]] = place + 1;
        }
    }

    /// <summary>Which change stands at each place.</summary>
    public int[] Places { get; }

    /// <summary>The statement.</summary>
    public Statement Statement()
    {
        PreparedChange[] sorted = [.. Places.Select(i => changes[i])];
        var values = new List<NpgsqlParameter>(57);
        AddChanges(values, sorted);
        AddRecords(values, [.. Numbered(sorted).Where(c => c.Change.Idempotency is not null).Select(c => (c.Number, c.Change.Idempotency!))]);
        AddSteps(values, ClaimStep.All(sorted));
        AddPosts(values, [.. Numbered(sorted).SelectMany(c => c.Change.Posts.DistinctLast(p => p.Id).Select(p => (c.Number, p)))]);
        AddEvents(values, [.. Enumerable.Range(0, changes.Length).SelectMany(EventsOf)]);
        values.Add(Bound.Of(EventPayload.PersonalKeyId));
        values.Add(Bound.Of(MayExclude()));
        return new Statement(Sql, [.. values]);
    }

    /// <summary>A change's events. They stand in the order that the batch was given in, which becomes the outbox's.</summary>
    private IEnumerable<EventColumn> EventsOf(int index)
    {
        var prepared = changes[index];
        return prepared.Change.Events.Select((e, i) => new EventColumn(numbers[index], e, prepared.Payloads[i], prepared.Change.Next!.Tenant));
    }

    private static IEnumerable<(int Number, Change Change)> Numbered(PreparedChange[] sorted) => sorted.Select((c, i) => (i + 1, c.Change));

    private static void AddChanges(List<NpgsqlParameter> values, PreparedChange[] sorted)
    {
        // What moves only a stream needs no more of its user's row.
        var rows = Array.ConvertAll(sorted, c => WriteOf(c) is NewRow or WholeRow ? c.Change.Next : null);
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => (short)c.Change.User.Bucket.Value)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.User.Value)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.ExpectedSequence)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.ExpectedIntent)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, WriteOf)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.Tenant.Value)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.Next?.Sequence ?? 0)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.Version ?? 0)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => (short)(u?.Status ?? default))));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.Name)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => (byte[]?)c.FoldedName)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.Email)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.EmailKey)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.Attributes.Json)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u is null ? 0 : Timestamps.ToMicroseconds(u.CreatedAt))));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u is null ? 0 : Timestamps.ToMicroseconds(u.UpdatedAt))));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.Next is { } next ? Timestamps.ToMicroseconds(next.LastEventAt) : 0)));
        values.Add(Bound.Of(Array.ConvertAll(rows, u => u?.DeletedAt is { } at ? Timestamps.ToMicroseconds(at) : (long?)null)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.Intent?.Id)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.Intent?.Fence ?? 0)));
        values.Add(Bound.Of(Array.ConvertAll(sorted, c => c.Change.Intent is { } intent ? IntentJson.Encode(intent) : null)));
    }

    private static short WriteOf(PreparedChange prepared) => prepared.Change switch
    {
        { Next: null } => NoRow,
        { ExpectedSequence: 0 } => NewRow,
        _ => prepared.OnlyPosts ? OnlyStream : WholeRow,
    };

    private static void AddRecords(List<NpgsqlParameter> values, (int Number, IdempotencyRecord Record)[] records)
    {
        values.Add(Bound.Of(Array.ConvertAll(records, r => r.Number)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => (string?)r.Record.Principal)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => (byte[]?)r.Record.KeyHash.ToArray())));
        values.Add(Bound.Of(Array.ConvertAll(records, r => (byte[]?)r.Record.RequestHash.ToArray())));
        values.Add(Bound.Of(Array.ConvertAll(records, r => r.Record.User.Value)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => r.Record.Post?.Value)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => r.Record.Version)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => (short)r.Record.Status)));
        values.Add(Bound.Of(Array.ConvertAll(records, r => Timestamps.ToMicroseconds(r.Record.At))));
    }

    private static void AddSteps(List<NpgsqlParameter> values, ClaimStep[] steps)
    {
        values.Add(Bound.Of(Array.ConvertAll(steps, s => s.Number)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => s.Step)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => (short)s.Key.Bucket.Value)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => (string?)s.Key.Tenant.Value)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => (string?)s.Key.EmailKey)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => s.Intent)));
        values.Add(Bound.Of(Array.ConvertAll(steps, s => s.Fence)));
    }

    private static void AddPosts(List<NpgsqlParameter> values, (int Number, PostWrite Write)[] posts)
    {
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Number)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Id.Value)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Next?.Tenant.Value)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Next?.Text)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Next?.Version)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Next is { } post ? Timestamps.ToMicroseconds(post.CreatedAt) : 0)));
        values.Add(Bound.Of(Array.ConvertAll(posts, p => p.Write.Next is { } post ? Timestamps.ToMicroseconds(post.UpdatedAt) : 0)));
    }

    private static void AddEvents(List<NpgsqlParameter> values, EventColumn[] events)
    {
        values.Add(Bound.Of(Array.ConvertAll(events, e => e.Number)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => e.Event.Sequence)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => e.Event.Id)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => (string?)e.Event.What.Type)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => e.Event.Version)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => e.Event.What is Core.Posts.PostEvent p ? p.Post.Value : (Guid?)null)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => Timestamps.ToMicroseconds(e.Event.At))));
        values.Add(Bound.Of(Array.ConvertAll(events, e => (string?)e.Event.Actor)));
        values.Add(Bound.Of(Array.ConvertAll(events, e => Bound.BytesOrNull(e.Payload.Open))));
        values.Add(Bound.Of(Array.ConvertAll(events, e => Bound.BytesOrNull(e.Payload.Personal))));
        values.Add(Bound.Of(Array.ConvertAll(events, e => (string?)e.Tenant.Value)));
    }

    /// <summary>Whether two changes name one idempotency key or take one e-mail.</summary>
    private bool MayExclude()
    {
        var keys = new HashSet<(string, Hash256)>();
        var emails = new Dictionary<ClaimKey, UserId>();
        return changes.Any(c =>
            (c.Change.Idempotency is { } record && !keys.Add((record.Principal, record.KeyHash)))
            || c.Change.TakenEmails().Any(key => !emails.TryAdd(key, c.Change.User) && emails[key] != c.Change.User));
    }

    private readonly record struct EventColumn(int Number, RecordedEvent Event, EventPayload Payload, TenantId Tenant);
}

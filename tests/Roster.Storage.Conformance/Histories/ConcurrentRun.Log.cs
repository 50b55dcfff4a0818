using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Lab.Histories;

namespace Roster.Storage.Conformance.Histories;

public sealed partial class ConcurrentRun
{
    private void LogRead(UserId id, User? user, ConsistencyToken sent, long invoked, long answered) => log.Enqueue(new Operation
    {
        User = id.ToString(),
        Kind = OperationKind.Read,
        Outcome = OperationOutcome.Done,
        Invoked = invoked,
        Answered = answered,
        Version = user?.Sequence ?? 0,
        Tag = user?.Name,
        Sent = TextOf(sent),
    });

    private void LogWrite(Change change, string tag, long invoked, long answered, OperationOutcome outcome, (ConsistencyToken Sent, ConsistencyToken Given) tokens = default) => log.Enqueue(new Operation
    {
        User = change.User.ToString(),
        Kind = OperationKind.Write,
        Outcome = outcome,
        Invoked = invoked,
        Answered = answered,
        Version = outcome == OperationOutcome.Done ? change.Next!.Sequence : 0,
        Tag = tag,
        Sent = TextOf(tokens.Sent),
        Token = TextOf(tokens.Given),
        Takes = change.Claims.Where(c => c.Take).Select(c => c.Key.EmailKey).FirstOrDefault(),
        Releases = change.Claims.Where(c => !c.Take).Select(c => c.Key.EmailKey).FirstOrDefault(),
    });

    private async Task<(List<FinalWrite> Writes, List<FinalOwner> Owners)> FinalAsync(CancellationToken cancellation)
    {
        List<FinalWrite> writes = [];
        List<FinalOwner> owners = [];
        foreach (var id in everyone)
        {
            var stream = await store.HistoryAsync(id, 0, 100_000, Known, cancellation);
            writes.AddRange(stream.GroupBy(e => e.At).Select(change => new FinalWrite(id.ToString(), change.Max(e => e.Sequence), TagOf(change))));
            if (await ReadAsync(id, cancellation) is { Exists: true } user)
            {
                owners.Add(new FinalOwner(user.EmailKey, id.ToString()));
            }
        }

        return (writes, owners);
    }

    private static string? TextOf(ConsistencyToken? token) => token is { Positions.Count: > 0 } ? token.ToString() : null;

    private static string TagOf(IEnumerable<RecordedEvent> change) => change
        .Select(e => e.What switch
        {
            SignedUp signedUp => signedUp.Name,
            ProfileChanged { Name: { } name } => name,
            _ => null,
        })
        .First(name => name is not null)!;
}

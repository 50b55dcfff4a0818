using System.Collections.Concurrent;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Lab.Histories;
using Roster.Storage.Conformance.Building;

namespace Roster.Storage.Conformance.Histories;

/// <summary>Many clients at once, each like a use case: read, decide, commit if nothing came between. Every write sets a new name, its tag.</summary>
/// <param name="store">The store under test.</param>
/// <param name="clients">How many work at once.</param>
/// <param name="operationsEach">How many operations each does.</param>
/// <param name="seed">Of the clients' choices; the interleaving is the machine's.</param>
/// <param name="tokens">The tokens of the store's commits, which clients send with their reads; null when they send none, and every read has to show what was certain before it.</param>
public sealed partial class ConcurrentRun(IStore store, int clients, int operationsEach, int seed, SharedTokens? tokens = null)
{
    private const int PoolOfUsers = 6;
    private const int PoolOfEmails = 9;
    private readonly Changes changes = new();
    private readonly LogicalClock clock = new();
    private readonly ConcurrentQueue<Operation> log = new();
    private readonly ConcurrentQueue<UserId> everyone = new();
    private UserId[] users = [];

    /// <summary>What clients saw, in no particular order.</summary>
    public IReadOnlyCollection<Operation> Operations => log;

    /// <summary>Runs all clients to their end and checks the history.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        users = [.. Enumerable.Range(0, PoolOfUsers).Select(NewUser)];
        await Task.WhenAll(Enumerable.Range(0, clients).Select(c => Task.Run(() => ClientAsync(c, cancellation), cancellation)));
        var (final, owners) = await FinalAsync(cancellation);
        return HistoryChecker.Check(new History(log, final, owners) { Staleness = tokens is null ? 0 : null }).Findings;
    }

    private ConsistencyToken Known => tokens?.Known ?? ConsistencyToken.None;

    private static string Email(int i) => $"shared{i}@example.org";

    private UserId NewUser(int i)
    {
        var id = changes.NewUserId(Email(i));
        everyone.Enqueue(id);
        return id;
    }

    private async Task ClientAsync(int client, CancellationToken cancellation)
    {
        var random = new Random(unchecked((seed * 397) ^ client));
        for (var i = 0; i < operationsEach; i++)
        {
            await (random.Next(10) switch
            {
                < 4 => ReadAsync(users[random.Next(users.Length)], cancellation),
                < 6 => ListAsync(cancellation),
                _ => WriteAsync(random, $"c{client}-{i}", cancellation),
            });
        }
    }

    private async Task<User?> ReadAsync(UserId id, CancellationToken cancellation)
    {
        var (sent, invoked) = (Known, clock.Tick());
        var read = (await store.UsersAsync([id], sent, cancellation))[0]?.State;
        LogRead(id, read, sent, invoked, clock.Tick());
        return read;
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        var (sent, invoked) = (Known, clock.Tick());
        var query = new UserQuery { Tenant = TenantId.Default, Limit = 100 };
        var page = await store.ListAsync(query, sent, cancellation);
        var answered = clock.Tick();
        foreach (var user in page)
        {
            LogRead(user.State.Id, user.State, sent, invoked, answered);
        }
    }

    private async Task WriteAsync(Random random, string tag, CancellationToken cancellation)
    {
        List<(Change Change, string Tag)> batch = [];
        int[] slots = [random.Next(PoolOfUsers), random.Next(PoolOfUsers)];
        foreach (var slot in slots.Take(1 + random.Next(2)))
        {
            var id = users[slot];
            if (batch.Exists(b => b.Change.User == id))
            {
                continue;
            }

            var own = $"{tag}-{batch.Count}";
            var email = Email(random.Next(PoolOfEmails));
            var user = await ReadAsync(id, cancellation);
            if (user is { Exists: false })
            {
                users[slot] = NewUser(slot);
                continue;
            }

            batch.Add((
                user is null ? changes.Register(own, Email(slot), id: id)
                : random.Next(15) == 0 ? changes.Of(user, new ProfileChanged(own, null), new UserDeleted())
                : random.Next(3) > 0 && user.Email != email ? changes.RenameAndChangeEmail(user, own, email)
                : changes.Rename(user, own),
                own));
        }

        var (sent, invoked) = (Known, clock.Tick());
        try
        {
            var results = await store.CommitAsync([.. batch.Select(b => b.Change)], cancellation);
            var answered = clock.Tick();
            foreach (var ((change, own), result) in batch.Zip(results))
            {
                var done = result.Outcome == ChangeOutcome.Committed;
                LogWrite(change, own, invoked, answered, done ? OperationOutcome.Done : OperationOutcome.Refused, (sent, sent.Covering(result.AsOf)));
            }
        }
        catch (StoreUnavailableException e)
        {
            var outcome = e is OutcomeUnknownException ? OperationOutcome.Unknown : OperationOutcome.Refused;
            batch.ForEach(b => LogWrite(b.Change, b.Tag, invoked, clock.Tick(), outcome));
        }
    }
}

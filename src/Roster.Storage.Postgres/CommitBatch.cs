using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Postgres.Members;

namespace Roster.Storage.Postgres;

/// <summary>
/// Commits a batch: one round trip with one transaction of one statement, which decides what can commit and writes it
/// (<c>roster_commit</c>, or <c>roster_sign_up</c>), and a question for the position after it. docs/adr/0015 says why so.
/// </summary>
/// <param name="database">The shard.</param>
/// <param name="patience">How long a commit is waited for.</param>
internal sealed class CommitBatch(PostgresDatabase database, TimeSpan patience)
{
    private readonly CommitCall call = new(database);
    private readonly LostCommit lost = new(database, patience);

    /// <summary>Commits what can be; results stand in the order of the changes.</summary>
    /// <exception cref="OutcomeUnknownException">It may have committed, and nobody could tell.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    /// <exception cref="PostgresException">One change cannot be written for a reason that is not expected; nothing was.</exception>
    public async Task<ChangeResult[]> RunAsync(PreparedChange[] changes, CancellationToken cancellation)
    {
        var results = new ChangeResult[changes.Length];
        int[] open = [.. Enumerable.Range(0, changes.Length)];

        // Of changes that exclude each other one has the better place; the others are decided again, after it.
        while (open.Length > 0)
        {
            var leader = await database.OpenAsync(cancellation);
            cancellation = CancellationToken.None;
            var answer = await DecideAsync(leader, [.. open.Select(i => changes[i])]);
            for (var i = 0; i < open.Length; i++)
            {
                results[open[i]] = new ChangeResult((ChangeOutcome)answer.Outcomes[i], answer.AsOf);
            }

            open = [.. open.Where((_, i) => answer.Outcomes[i] == CommitAnswer.Excluded)];
        }

        return results;
    }

    private async Task<CommitAnswer> DecideAsync(LeaderConnection leader, PreparedChange[] changes)
    {
        var sending = call.SendAsync(leader.Connection, changes);
        try
        {
            // Whoever stops waiting leaves the connection to the transaction: nothing may cancel a COMMIT.
            return await sending.WaitAsync(patience, leader.Ended);
        }
        catch (OperationCanceledException gone) when (!sending.IsCompleted)
        {
            // Whoever leads now has the last word.
            Forget(sending);
            return await lost.FindAsync(changes, gone);
        }
        catch (TimeoutException late) when (!sending.IsCompleted)
        {
            Forget(sending);
            throw new OutcomeUnknownException("The database did not say in time whether it committed.", late);
        }
        catch (Exception error) when (PostgresErrors.IsLostConnection(error))
        {
            return await lost.FindAsync(changes, error);
        }
        catch (Exception error)
        {
            throw PostgresErrors.Told(error);
        }
    }

    private static void Forget(Task sending) => _ = sending.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
}

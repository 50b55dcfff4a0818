using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;
using Xunit.Sdk;

namespace Roster.Storage.Conformance.Sequences;

/// <summary>Plays steps against the store under test and the model; every answer must be equal, and so must all that is left in the end.</summary>
public sealed class SequencePlayer(StoreUnderTest tested, MemoryStore model)
{
    private static readonly string[] Names = ["Zo", "Zoe", "zoë", "Zoz", "日本", "日本語", "Ann", "ann a", "Anna", "Bo", "O'B", "%_"];
    private readonly Changes changes = new();
    private readonly List<UserId> users = [];
    private readonly Dictionary<UserId, List<User>> states = [];
    private readonly List<Post> posts = [];
    private readonly List<Change> pending = [];

    /// <summary>Plays them all, then compares the whole contents.</summary>
    public async Task PlayAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            await NamingAsync($"step {i + 1}, {steps[i]}", async () =>
            {
                if (!steps[i].Writes)
                {
                    await FlushAsync(cancellation);
                    await new ReadComparison(tested.Store, model, changes, users, posts).CompareAsync(steps[i], cancellation);
                }
                else if (Build(steps[i]) is { } change)
                {
                    await AddAsync(change, steps[i].Joins, cancellation);
                }
            });
        }

        await NamingAsync("the last batch", () => FlushAsync(cancellation));
        await NamingAsync("the contents in the end", () => new ContentsComparison(tested, model, users).CompareAsync(cancellation));
    }

    private static async Task NamingAsync(string where, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new XunitException($"At {where}: {e.Message}", e);
        }
    }

    /// <summary>Changes that exclude each other may not share a batch: the contract leaves open which one wins.</summary>
    private async Task AddAsync(Change change, bool joins, CancellationToken cancellation)
    {
        if (pending.Exists(p => p.User == change.User
            || p.Claims.Any(a => change.Claims.Any(b => a.Key == b.Key))
            || (p.Idempotency is not null && p.Idempotency.KeyHash == change.Idempotency?.KeyHash)))
        {
            await FlushAsync(cancellation);
        }

        pending.Add(change);
        if (!joins)
        {
            await FlushAsync(cancellation);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        Change[] batch = [.. pending];
        pending.Clear();
        var expected = await model.CommitAsync(batch, cancellation);
        var actual = await tested.Store.CommitAsync(batch, cancellation);
        Assert.Equal(expected.Select(r => r.Outcome), actual.Select(r => r.Outcome));
        foreach (var (change, result) in batch.Zip(expected))
        {
            if (result.Outcome == ChangeOutcome.Committed && change.Next is { } next)
            {
                states[change.User].Add(next);
                posts.RemoveAll(p => change.Posts.Any(w => w.Id == p.Id));
                posts.AddRange(change.Posts.Where(w => w.Next is not null).Select(w => w.Next!));
            }
        }
    }

    private Change? Build(Step step)
    {
        var email = $"pool{step.What % 6}@example.org";
        var name = Names[step.What];
        Change? change;
        if (step.Kind == StepKind.Register)
        {
            change = changes.Register(name, email);
            users.Add(change.User);
            states.Add(change.User, []);
        }
        else if (users.Count > 0 && states[users[step.Who % users.Count]] is { Count: > 0 } known)
        {
            change = Next(known[step.Stale ? step.What % known.Count : ^1], step, name, email);
        }
        else
        {
            change = null;
        }

        return step.Key < Step.Keys ? change?.WithKey($"k{step.Key}") : change;
    }

    private Change? Next(User user, Step step, string name, string email)
    {
        var post = posts.Where(p => p.User == user.Id).ElementAtOrDefault(step.What % 3);
        return (user.Exists, step.Kind) switch
        {
            (false, _) => null,
            (_, StepKind.Rename) => changes.Rename(user, name),
            (_, StepKind.ChangeEmail) => changes.ChangeEmail(user, email),
            (_, StepKind.RenameAndChangeEmail) => changes.RenameAndChangeEmail(user, name, email),
            (_, StepKind.SetAttributes) => changes.SetAttributes(user, $$"""{"n":{{step.What}}}"""),
            (_, StepKind.Suspend) => changes.Suspend(user),
            (_, StepKind.Reactivate) => changes.Reactivate(user),
            (_, StepKind.Delete) => changes.Delete(user),
            (_, StepKind.Publish) => changes.Publish(user, "Text " + name),
            (_, StepKind.Edit) => post is null ? null : changes.Edit(user, post, "Edited " + name),
            (_, StepKind.Remove) => post is null ? null : changes.Remove(user, post),
            _ => new Change { User = user.Id, ExpectedSequence = user.Sequence },
        };
    }
}

using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Tests.Events;

/// <summary>Users that a test has written, and how many events each has.</summary>
internal sealed class WrittenUsers(IStore store)
{
    private readonly Changes changes = new();
    private readonly Dictionary<UserId, User> users = [];
    private int names;

    /// <summary>Events of each user.</summary>
    public IReadOnlyDictionary<UserId, long> Sequences => users.ToDictionary(user => user.Key, user => user.Value.Sequence);

    /// <summary>Events of all.</summary>
    public long Total => users.Values.Sum(user => user.Sequence);

    /// <summary>So many sign up, in batches.</summary>
    public async Task<IReadOnlyList<UserId>> SignUpAsync(int count)
    {
        var added = new List<UserId>();
        foreach (var part in Enumerable.Range(0, count).Chunk(500))
        {
            added.AddRange(await CommitAsync([.. part.Select(_ => changes.Register("Ada", $"ada{names++}@example.org"))]));
        }

        return added;
    }

    /// <summary>Everybody changes the name.</summary>
    public Task RenameAllAsync() => CommitAsync([.. users.Values.Select(user => changes.Rename(user, $"Ada {names++}"))]);

    /// <summary>One changes the name.</summary>
    public Task RenameAsync(UserId user) => CommitAsync([changes.Rename(users[user], $"Ada {names++}")]);

    /// <summary>Somebody tries to take another's e-mail, which does not commit.</summary>
    public async Task FailAsync()
    {
        var results = await store.CommitAsync([changes.Register("Thief", "ada0@example.org")], TestContext.Current.CancellationToken);
        Assert.NotEqual(ChangeOutcome.Committed, results[0].Outcome);
    }

    private async Task<IReadOnlyList<UserId>> CommitAsync(IReadOnlyList<Change> batch)
    {
        var results = await store.CommitAsync(batch, TestContext.Current.CancellationToken);
        Assert.All(results, result => Assert.Equal(ChangeOutcome.Committed, result.Outcome));
        foreach (var change in batch)
        {
            users[change.User] = change.Next!;
        }

        return [.. batch.Select(change => change.User)];
    }
}

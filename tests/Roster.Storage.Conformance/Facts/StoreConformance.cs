using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Histories;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

/// <summary>
/// What every store does, engine or decorator: inherit, and say how to open one. The facts stand in the files beside
/// this one, by subject; README.md tells how an engine joins.
/// </summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    private readonly List<StoreUnderTest> opened = [];
    private StoreUnderTest current = null!;
    private int strangers;

    /// <summary>Facts that this store cannot keep, by method name (or "Durability", "Rebuild" for all of them), each with its reason.</summary>
    protected virtual IReadOnlyDictionary<string, string> Exceptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The tokens of the store's commits, which it adds, where reads carry them and others may be older. Null where every read sees every commit.</summary>
    protected virtual SharedTokens? Tokens => null;

    /// <summary>Builds the facts' changes.</summary>
    protected Changes Changes { get; } = new();

    /// <summary>The store under test.</summary>
    protected IStore Store => current.Store;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ConsistencyToken Any => ConsistencyToken.None;

    /// <summary>A fresh, empty store; called at least once per fact.</summary>
    protected abstract Task<StoreUnderTest> OpenAsync();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.All(Exceptions.Keys, name => Assert.True(
            name is "Durability" or "Rebuild" || GetType().GetMethod(name) is not null,
            $"There is no fact {name}: remove the exception."));
        if (TestContext.Current.TestMethod is { } fact && Exceptions.TryGetValue(fact.MethodName, out var reason))
        {
            Assert.Skip(reason);
        }

        current = await OpenFreshAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.Store.DisposeAsync();
            await (store.CleanUp?.Invoke() ?? default);
        }

        GC.SuppressFinalize(this);
    }

    private async Task<StoreUnderTest> OpenFreshAsync()
    {
        var fresh = await OpenAsync();
        opened.Add(fresh);
        return fresh;
    }

    /// <summary>Closes the store and opens the same data.</summary>
    private async Task ReopenAsync()
    {
        SkipIfExcepted("Durability");
        Assert.True(current.Reopen is not null, "This store cannot be reopened: declare an exception for Durability, with its reason.");
        await current.Store.DisposeAsync();
        opened.Remove(current);
        current = await current.Reopen();
        opened.Add(current);
    }

    private IRebuildableStore Rebuildable()
    {
        SkipIfExcepted("Rebuild");
        Assert.True(current.Rebuild is not null, "This store cannot be rebuilt: declare an exception for Rebuild, with its reason.");
        return current.Rebuild;
    }

    private void SkipIfExcepted(string subject)
    {
        if (Exceptions.TryGetValue(subject, out var reason))
        {
            Assert.Skip(reason);
        }
    }

    private async Task<ChangeResult> TryAsync(Change change) => Assert.Single(await Store.CommitAsync([change], Cancel));

    /// <summary>Commits a change that must succeed and gives the user's new state.</summary>
    private async Task<User> CommitAsync(Change change)
    {
        Assert.Equal(ChangeOutcome.Committed, (await TryAsync(change)).Outcome);
        return change.Next!;
    }

    private Task<User> RegisterAsync(string name, string? email = null) =>
        CommitAsync(Changes.Register(name, email ?? $"someone{++strangers}@example.org"));

    private async Task<(User Author, Post Post)> PublishAsync(User author, string text)
    {
        var change = Changes.Publish(author, text);
        return (await CommitAsync(change), change.Posts[0].Next!);
    }

    /// <summary>A new e-mail of another bucket in the shard of an e-mail.</summary>
    private string EmailBeside(string email) => EmailIn(Changes.ClaimOf(email).Bucket);

    /// <summary>A new e-mail of another bucket in a bucket's shard.</summary>
    private string EmailIn(Core.Ids.BucketId there)
    {
        while (true)
        {
            var email = $"someone{++strangers}@example.org";
            var bucket = Changes.ClaimOf(email).Bucket;
            if (bucket != there && current.ShardOf(bucket) == current.ShardOf(there))
            {
                return email;
            }
        }
    }

    private async Task<User?> FindAsync(Core.Ids.UserId id) => Assert.Single(await Store.UsersAsync([id], Any, Cancel))?.State;

    private async Task<Post?> FindPostAsync(Core.Ids.PostId id) => Assert.Single(await Store.PostsAsync([id], Any, Cancel))?.State;

    private async Task<User?> OwnerAsync(string email) =>
        (await Store.UserByEmailAsync(Changes.ClaimOf(email), Any, Cancel))?.State;
}

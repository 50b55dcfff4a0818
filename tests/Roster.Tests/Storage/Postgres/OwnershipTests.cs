using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A shard writes no bucket that it does not own, whoever asks.</summary>
public sealed class OwnershipTests(PostgresLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_of_another_shard_is_refused_inside_the_transaction()
    {
        var changes = new Changes();
        var options = await lab.CreateAsync();
        await using (var store = await PostgresDatabases.OpenAsync(options))
        {
            var ada = changes.Register("Ada", "ada@example.org");
            await store.CommitAsync([ada], Cancel);
            Assert.True(await store.OwnAsync(1, bucket => bucket != ada.User.Bucket, Cancel));
            Assert.False(await store.OwnAsync(1, _ => true, Cancel));

            await Assert.ThrowsAsync<StoreUnavailableException>(
                async () => await store.CommitAsync([changes.Rename(ada.Next!, "Ada L.")], Cancel));
            Assert.Equal(ada.Next, (await store.UsersAsync([ada.User], ConsistencyToken.None, Cancel))[0]?.State);

            Assert.True(await store.OwnAsync(2, _ => true, Cancel));
            Assert.Equal(
                ChangeOutcome.Committed, Assert.Single(await store.CommitAsync([changes.Rename(ada.Next!, "Ada L.")], Cancel)).Outcome);
        }

        await lab.DropAsync(options);
    }
}

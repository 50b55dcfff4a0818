using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Xunit;

namespace Roster.Tests.Storage.Caching;

/// <summary>A cache that remembers two changes: what it forgets lies before all that it takes.</summary>
public sealed class ForgottenChangesTests
{
    private readonly ShardCache cache = new(ShardId.Control, new CacheOptions { Remembered = 2 }, TimeProvider.System);

    [Fact]
    public void A_change_that_was_known_before_the_outbox_said_it_is_not_forgotten_before_its_position()
    {
        var (ada, bob, eve, joe) = (Row(1), Row(2), Row(3), Row(4));
        Hear(10);

        // A commit at 20 is known at once; the page that is heard next ends before it.
        cache.Hint(ada, 2);
        cache.Hint(bob, 1);
        Hear(11);

        // Now the outbox has said it, and the generation in which it was known first ends.
        cache.Hint(ada, 2);
        cache.Hint(eve, 1);
        cache.Hint(joe, 1);
        Hear(21);

        Assert.Null(cache.Vouch(ada, 1, At(12), ConsistencyToken.None));
        Assert.Equal(At(21), cache.Vouch(ada, 2, At(12), ConsistencyToken.None));
    }

    private static Guid Row(int number) => new(number, 0, 0, new byte[8]);

    private static Position At(long value) => new(ShardId.Control, 1, value);

    private void Hear(long upTo) => cache.Hear(new OutboxPage([], default, Expired: false) { AsOf = At(upTo) }, TimeProvider.System.GetTimestamp());
}

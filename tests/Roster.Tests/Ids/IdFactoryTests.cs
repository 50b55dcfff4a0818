using Microsoft.Extensions.Time.Testing;
using Roster.Core.Ids;
using Xunit;

namespace Roster.Tests.Ids;

public sealed class IdFactoryTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    [Fact]
    public void A_new_id_holds_the_time_in_milliseconds_and_its_bucket()
    {
        var id = new IdFactory(time).Next(new BucketId(1234));
        Assert.Equal(1234, IdLayout.BucketOf(id).Value);
        Assert.Equal(
            IdLayout.Compose(time.GetUtcNow().ToUnixTimeMilliseconds(), new BucketId(1234), 0).ToString("D")[..18], id.ToString("D")[..18]);
    }

    [Fact]
    public void Ids_of_one_millisecond_and_bucket_differ()
    {
        var ids = new IdFactory(time);
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => ids.Next(new BucketId(7))).Distinct().Count());
    }
}

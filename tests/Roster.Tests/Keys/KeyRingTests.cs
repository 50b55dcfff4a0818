using Microsoft.Extensions.Time.Testing;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Keys;

public sealed class KeyRingTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly MemoryControlStore control = new();
    private readonly KeyRing ring;

    public KeyRingTests() => ring = new KeyRing(control, time, MaxAge);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stored_key_is_found_after_a_refresh_and_not_before()
    {
        var (key, token) = await AddAsync();
        Assert.Null(ring.Find(token));
        await ring.RefreshAsync(Cancellation);
        Assert.Equal(key.Id, ring.Find(token)?.Id);
    }

    [Fact]
    public async Task A_wrong_secret_finds_nothing()
    {
        var (_, token) = await AddAsync();
        var (_, _, other) = KeyToken.Create();
        await ring.RefreshAsync(Cancellation);
        Assert.Null(ring.Find(token[..20] + other[20..]));
        Assert.Null(ring.Find(other[..20] + token[20..]));
        Assert.Null(ring.Find("no token"));
    }

    [Fact]
    public async Task A_key_stops_working_at_the_moment_it_expires()
    {
        var (_, token) = await AddAsync(expiresAt: time.GetUtcNow().AddSeconds(30));
        await ring.RefreshAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.NotNull(ring.Find(token));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(ring.Find(token));
    }

    [Fact]
    public async Task A_revoked_key_stops_working_at_the_next_refresh()
    {
        var (key, token) = await AddAsync();
        await ring.RefreshAsync(Cancellation);
        await control.RevokeKeyAsync(key.Id, Cancellation);
        time.Advance(KeyRing.RefreshInterval);
        await ring.RefreshAsync(Cancellation);
        Assert.Null(ring.Find(token));
        Assert.True(KeyRing.RefreshInterval < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_revoked_key_stops_working_even_after_the_clock_was_set_back()
    {
        var (key, token) = await AddAsync();
        var clock = new SetBackClock(time);
        var mine = new KeyRing(control, clock, MaxAge);
        await mine.RefreshAsync(Cancellation);
        Assert.NotNull(mine.Find(token));
        await control.RevokeKeyAsync(key.Id, Cancellation);
        clock.Back = TimeSpan.FromHours(1);
        await mine.RefreshAsync(Cancellation);
        Assert.Null(mine.Find(token));
    }

    [Fact]
    public async Task A_copy_older_than_the_maximum_age_is_not_trusted()
    {
        var (_, token) = await AddAsync();
        await ring.RefreshAsync(Cancellation);
        time.Advance(MaxAge);
        Assert.NotNull(ring.Find(token));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(ring.Find(token));
        await ring.RefreshAsync(Cancellation);
        Assert.NotNull(ring.Find(token));
    }

    [Fact]
    public async Task A_reading_that_began_earlier_never_replaces_a_later_one()
    {
        var (key, token) = await AddAsync();
        var slow = new SlowReadings();
        var late = new KeyRing(slow, time, MaxAge);
        var first = late.RefreshAsync(Cancellation).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        var second = late.RefreshAsync(Cancellation).AsTask();
        slow.Readings[1].SetResult([]);
        await second;
        slow.Readings[0].SetResult([key]);
        await first;
        Assert.Null(late.Find(token));
    }

    private async Task<(ApiKey Key, string Token)> AddAsync(DateTimeOffset? expiresAt = null)
    {
        var (id, hash, token) = KeyToken.Create();
        var key = new ApiKey
        {
            Id = id,
            Tenant = TenantId.Default,
            Name = "test",
            Scopes = ["admin"],
            SecretHash = hash,
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        Assert.True(await control.AddKeyAsync(key, Cancellation));
        return (key, token);
    }

    /// <summary>Its time of day was corrected; its stopwatch goes on.</summary>
    private sealed class SetBackClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() - Back;

        public override long GetTimestamp() => inner.GetTimestamp();
    }
}

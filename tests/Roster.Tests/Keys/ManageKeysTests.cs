using Microsoft.Extensions.Time.Testing;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Keys;

public sealed class ManageKeysTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).AddTicks(7));
    private readonly MemoryControlStore control = new();
    private readonly ManageKeys keys;

    public ManageKeysTests() => keys = new ManageKeys(control, time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_is_stored_without_its_secret()
    {
        var errors = new ValidationErrors();
        var issued = await keys.CreateAsync(
            new("backup", ["users:read", "users:read", "admin"], time.GetUtcNow().AddDays(1)), TenantId.Default, errors, Cancellation);
        Assert.NotNull(issued);
        Assert.True(errors.None);
        var stored = Assert.Single(await control.KeysAsync(Cancellation));
        Assert.Equal(issued.Key, stored);
        Assert.Equal(["users:read", "admin"], stored.Scopes);
        Assert.Equal(0, stored.CreatedAt.Ticks % TimeSpan.TicksPerMicrosecond);
        Assert.Equal(stored.CreatedAt.AddDays(1), stored.ExpiresAt);
        Assert.True(KeyToken.TryRead(issued.Token, out var id, out var hash));
        Assert.Equal((stored.Id, stored.SecretHash), (id, hash));
        Assert.DoesNotContain(issued.Token[20..], stored.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once_and_nothing_is_stored()
    {
        var errors = new ValidationErrors();
        Assert.Null(await keys.CreateAsync(new(null, ["users:fly"], time.GetUtcNow().AddTicks(-7)), TenantId.Default, errors, Cancellation));
        Assert.Equal(
            $"expiresAt must be in the future; name is missing; scopes must all be of {ScopeNames.Known}", errors.ToString());
        Assert.Empty(await control.KeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_without_scopes_or_with_too_long_a_name_is_refused()
    {
        var errors = new ValidationErrors();
        Assert.Null(await keys.CreateAsync(new(new string('a', ManageKeys.MaxName + 1), [], null), TenantId.Default, errors, Cancellation));
        Assert.Equal(["name", "scopes"], errors.ByField.Select(field => field.Key));
    }

    [Fact]
    public async Task Keys_are_listed_oldest_first_and_revoked_for_good()
    {
        var names = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            names.Add((await keys.CreateAsync(new($"key {i}", ["admin"], null), TenantId.Default, new(), Cancellation))!.Key.Name);
        }

        var listed = await keys.ListAsync(Cancellation);
        Assert.Equal(names, listed.Select(key => key.Name));
        Assert.True(await keys.RevokeAsync(listed[2].Id, Cancellation));
        Assert.False(await keys.RevokeAsync(listed[2].Id, Cancellation));
        Assert.Equal(4, (await keys.ListAsync(Cancellation)).Count);
    }
}

using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Keys;

/// <summary>Creates, lists and revokes API keys.</summary>
public sealed class ManageKeys(IControlStore control, TimeProvider time)
{
    /// <summary>Longest name of a key, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>What an administrator asks for.</summary>
    public sealed record Request(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt);

    /// <summary>A new key with its token, which is never to be had again.</summary>
    public sealed record Issued(ApiKey Key, string Token);

    /// <summary>Creates a key, or adds to the errors why not.</summary>
    public async ValueTask<Issued?> CreateAsync(
        Request request, TenantId tenant, ValidationErrors errors, CancellationToken cancellation)
    {
        var now = Timestamps.Truncate(time.GetUtcNow());
        Check(request, now, errors);
        if (!errors.None)
        {
            return null;
        }

        while (true)
        {
            var (id, secretHash, token) = KeyToken.Create();
            var key = new ApiKey
            {
                Id = id,
                Tenant = tenant,
                Name = request.Name!,
                Scopes = [.. request.Scopes!.Distinct(StringComparer.Ordinal)],
                SecretHash = secretHash,
                CreatedAt = now,
                ExpiresAt = request.ExpiresAt is { } expires ? Timestamps.Truncate(expires) : null,
            };
            if (await control.AddKeyAsync(key, cancellation))
            {
                return new Issued(key, token);
            }
        }
    }

    /// <summary>All keys that were not revoked, oldest first.</summary>
    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) =>
        [.. (await control.KeysAsync(cancellation)).OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)];

    /// <summary>Revokes a key for good; false when there is none.</summary>
    public ValueTask<bool> RevokeAsync(string id, CancellationToken cancellation) =>
        control.RevokeKeyAsync(id, cancellation);

    private static void Check(Request request, DateTimeOffset now, ValidationErrors errors)
    {
        if (request.Name is null)
        {
            errors.AddMissing("name");
        }
        else if (PlainText.ProblemOf(request.Name, MaxName) is { } problem)
        {
            errors.Add("name", problem);
        }

        if (request.Scopes is null or { Count: 0 })
        {
            errors.AddMissing("scopes", $"must name at least one of {ScopeNames.Known}");
        }

        // Not echoed: what was sent may be a megabyte.
        if ((request.Scopes ?? []).Any(name => ScopeNames.Parse(name) == Scopes.None))
        {
            errors.Add("scopes", $"must all be of {ScopeNames.Known}");
        }

        if (request.ExpiresAt <= now)
        {
            errors.Add("expiresAt", "must be in the future");
        }
    }
}

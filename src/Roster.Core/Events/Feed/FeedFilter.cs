using Roster.Core.Ids;

namespace Roster.Core.Events.Feed;

/// <summary>Which events a stream is for.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="User">Only this user's, if any.</param>
/// <param name="Types">Only of these types; null for all.</param>
public sealed record FeedFilter(TenantId Tenant, UserId? User = null, IReadOnlySet<string>? Types = null)
{
    /// <summary>Whether an event goes through.</summary>
    public bool Takes(TenantId tenant, UserId user, string type) =>
        Tenant == tenant && (User is null || User == user) && Types?.Contains(type) is null or true;
}

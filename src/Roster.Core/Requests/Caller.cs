using Roster.Core.Ids;

namespace Roster.Core.Requests;

/// <summary>Who asks, as far as the rules care; made by authentication.</summary>
/// <param name="Tenant">Whose users it works on.</param>
/// <param name="Actor">As events name it: <c>key:&lt;id&gt;</c>, <c>jwt:&lt;sub&gt;</c>, <c>anonymous</c>, <c>system</c>.</param>
/// <param name="SeesDeleted">True with scope <c>admin</c>: tombstones are shown.</param>
public sealed record Caller(TenantId Tenant, string Actor, bool SeesDeleted)
{
    /// <summary>The actor that has shown no credential.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The one user that may be reached, with everything that is its; null when all of the tenant's may.</summary>
    public UserId? Only { get; init; }

    /// <summary>Whether this user may be reached at all; one that may not is as good as unknown.</summary>
    public bool Reaches(UserId user) => Only is null || Only == user;

    /// <summary>The program itself.</summary>
    public static Caller System { get; } = new(TenantId.Default, "system", SeesDeleted: true);
}

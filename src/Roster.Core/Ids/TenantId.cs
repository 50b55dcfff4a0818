namespace Roster.Core.Ids;

/// <summary>Whose users these are. One tenant for now; it already takes part in placement, claims and keys.</summary>
public readonly record struct TenantId(string Value)
{
    /// <summary>The only tenant until tenants can be made.</summary>
    public static TenantId Default => new("default");
}

using Roster.Core.Keys;

namespace Roster.Api.Auth;

/// <summary>Whether a credential that was good when something long began is good still.</summary>
internal sealed class CredentialCheck(KeyRing keys, TimeProvider time)
{
    /// <summary>Its key was not revoked, and its end has not come. Looks at memory only.</summary>
    public bool IsGood(Identity identity) =>
        (identity.KeyId is null || keys.Holds(identity.KeyId)) && (identity.Until is null || identity.Until > time.GetUtcNow());
}

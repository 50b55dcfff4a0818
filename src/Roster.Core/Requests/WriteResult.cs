using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>How a write ended: expected failures are values, exceptions are bugs or outages.</summary>
/// <typeparam name="T">User or post.</typeparam>
public abstract record WriteResult<T>
    where T : class
{
    /// <summary>It is so now, durably; or it was so already.</summary>
    /// <param name="State">The resource after the request.</param>
    /// <param name="AsOf">A token that covers it.</param>
    /// <param name="Replayed">True when an earlier request with the same key had done it.</param>
    public sealed record Done(T State, ConsistencyToken AsOf, bool Replayed = false) : WriteResult<T>;

    /// <summary>No such resource, as far as this caller may know.</summary>
    public sealed record NotFound : WriteResult<T>;

    /// <summary>Values are invalid.</summary>
    public sealed record Invalid(ValidationErrors Errors) : WriteResult<T>;

    /// <summary>The e-mail belongs to another user.</summary>
    public sealed record EmailTaken : WriteResult<T>;

    /// <summary>The version is not the one that the request expected.</summary>
    public sealed record VersionMismatch(long Actual) : WriteResult<T>;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyReused : WriteResult<T>;

    /// <summary>The state does not allow it.</summary>
    public sealed record Conflict(string Reason) : WriteResult<T>;
}

namespace Roster.Core.Events;

/// <summary>What happened, without who, when and to whom: the closed set of things that can happen.</summary>
public abstract record DomainEvent
{
    /// <summary>The CloudEvents type, with its version: <c>roster.user.signedUp.v1</c>.</summary>
    public abstract string Type { get; }
}

namespace Roster.Client;

/// <summary>How a client behaves when a server or the network does not.</summary>
public sealed record RosterClientOptions
{
    /// <summary>How long a request may take with all its repetitions; zero for none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take until its answer is there, or an import or export may be silent.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before the first repetition where the server does not ask for another; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether reads see all that this client has written: it carries the server's tokens from one request to the next.</summary>
    public bool ReadsItsWrites { get; init; } = true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

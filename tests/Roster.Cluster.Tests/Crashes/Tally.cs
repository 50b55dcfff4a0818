namespace Roster.Cluster.Tests.Crashes;

/// <summary>What happened, in numbers, counted by all clients.</summary>
internal sealed class Tally
{
    private int acknowledged;
    private int refused;
    private int retried;
    private int replayed;
    private int committedNow;
    private int imported;

    /// <summary>Writes that were answered with a 2xx.</summary>
    public int AcknowledgedWrites => acknowledged;

    /// <summary>Fights for an e-mail that were lost.</summary>
    public int EmailsLost => refused;

    /// <summary>Requests whose answer a crash had taken.</summary>
    public int Retries => retried;

    /// <summary>Retries of requests that had been committed: the first answer came again.</summary>
    public int RetriesReplayed => replayed;

    /// <summary>Retries of requests that had not: they were done now.</summary>
    public int RetriesCommittedNow => committedNow;

    /// <summary>Lines of imports that were answered.</summary>
    public int ImportedLines => imported;

    public void Acknowledged() => Interlocked.Increment(ref acknowledged);

    public void Refused() => Interlocked.Increment(ref refused);

    public void Retried() => Interlocked.Increment(ref retried);

    public void Settled(bool wasReplayed) => Interlocked.Increment(ref wasReplayed ? ref replayed : ref committedNow);

    public void Imported() => Interlocked.Increment(ref imported);
}

namespace Roster.Cluster.Tests.Crashes;

/// <summary>What happened, in numbers, counted by all clients.</summary>
internal sealed class Tally
{
    private int acknowledged;
    private int refused;
    private int replayed;
    private int committedNow;
    private int refusedNow;
    private int imported;

    /// <summary>Writes that were answered with a 2xx.</summary>
    public int AcknowledgedWrites => acknowledged;

    /// <summary>Fights for an e-mail that were lost, those of retries among them.</summary>
    public int EmailsLost => refused;

    /// <summary>Requests whose answer a crash had taken.</summary>
    public int Retries => replayed + committedNow + refusedNow;

    /// <summary>Retries of requests that had been committed: the first answer came again.</summary>
    public int RetriesReplayed => replayed;

    /// <summary>Retries of requests that had not: they were done now.</summary>
    public int RetriesCommittedNow => committedNow;

    /// <summary>Retries of requests that had not either, and whose e-mail another client had won by now.</summary>
    public int RetriesRefused => refusedNow;

    /// <summary>Lines of imports that were answered.</summary>
    public int ImportedLines => imported;

    public void Acknowledged() => Interlocked.Increment(ref acknowledged);

    public void Refused() => Interlocked.Increment(ref refused);

    /// <summary>Counts the answer of a retry.</summary>
    public void Settled(Answer answer) =>
        Interlocked.Increment(ref !answer.IsDone ? ref refusedNow : ref answer.Replayed ? ref replayed : ref committedNow);

    public void Imported() => Interlocked.Increment(ref imported);
}

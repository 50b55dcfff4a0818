namespace Roster.Cluster.Tests.Durability;

/// <summary>
/// One system call of a trace. Begin and End are positions in the log: strace writes a call down before the kernel runs
/// it and its result after, so "A ended before B began" in the log is so in the kernel too.
/// </summary>
/// <param name="Name">Which call.</param>
/// <param name="Target">The file or socket behind its descriptor.</param>
/// <param name="Data">The bytes it writes, if any.</param>
/// <param name="Begin">Where it was entered.</param>
/// <param name="End">Where it returned; <see cref="int.MaxValue"/> when it never did.</param>
/// <param name="Succeeded">Whether it returned without an error.</param>
internal sealed record TracedCall(string Name, string Target, byte[] Data, int Begin, int End, bool Succeeded)
{
    public bool IsSync => Name is "fsync" or "fdatasync";

    public bool IsToLog => Target.EndsWith("-wal", StringComparison.Ordinal);

    public bool IsToSocket => Target.StartsWith("socket:", StringComparison.Ordinal) || Target.StartsWith("TCP", StringComparison.Ordinal);
}

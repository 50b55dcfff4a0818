namespace Roster.Cli;

/// <summary>
/// Whether this process works on what comes over a socket where it was noticed, on one of a few threads that wait for all sockets, and not on the
/// pool's: no thread has to be woken for it. Nothing may block such a thread: where it waits for another socket, it may wait for ever.
/// </summary>
/// <remarks>.NET reads the switch of <c>SocketAsyncEngine</c> once, before the first socket of the process.</remarks>
internal static class InlineSockets
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Whether it does.</summary>
    public static bool AreOn => Environment.GetEnvironmentVariable(Switch) == "1";

    /// <summary>Turns it on for the whole process, before its first socket, unless the environment has decided.</summary>
    public static void TurnOn()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null)
        {
            Environment.SetEnvironmentVariable(Switch, "1");
        }
    }
}

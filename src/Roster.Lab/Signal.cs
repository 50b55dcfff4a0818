using System.Runtime.InteropServices;

namespace Roster.Lab;

/// <summary>Signals to one process, by its id.</summary>
public static class Signal
{
    /// <summary>Servers read their settings again.</summary>
    public const int Hangup = 1;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupt = 2;

    /// <summary>What service managers send.</summary>
    public const int Terminate = 15;

    /// <summary>Ends a process at once.</summary>
    public const int Kill = 9;

    /// <summary>Stops a process until <see cref="Continue"/>, as a machine that hangs does (Linux).</summary>
    public const int Stop = 19;

    /// <summary>Ends <see cref="Stop"/>.</summary>
    public const int Continue = 18;

    /// <summary>Sends one.</summary>
    /// <exception cref="LabException">There is no such process, or it is somebody else's.</exception>
    public static void Send(int processId, int signal)
    {
        if (NativeKill(processId, signal) != 0)
        {
            throw new LabException($"Signal {signal} did not reach process {processId}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}

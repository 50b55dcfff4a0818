using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Roster.Cli.Workers;

/// <summary>
/// Starts a process that inherits some descriptors. .NET opens all of its own so that they close at exec (FD_CLOEXEC,
/// fcntl(2)); the mark is taken off those that are wanted, and put back when the process has been started.
/// </summary>
internal static class Inheritance
{
    private const int SetFlags = 2;
    private const int CloseOnExec = 1;

    /// <summary>Two starts at a time would each inherit what is meant for the other.</summary>
    private static readonly Lock Starting = new();

    /// <summary>Starts one.</summary>
    /// <exception cref="Win32Exception">It cannot be started, or a descriptor is not open.</exception>
    public static Process Start(ProcessStartInfo start, IEnumerable<int> descriptors)
    {
        lock (Starting)
        {
            List<int> inherited = [.. descriptors];
            try
            {
                inherited.ForEach(descriptor => Set(descriptor, flags: 0));
                return Process.Start(start)!;
            }
            finally
            {
                inherited.ForEach(descriptor => Set(descriptor, CloseOnExec));
            }
        }
    }

    private static void Set(int descriptor, int flags)
    {
        if (Fcntl(descriptor, SetFlags, flags) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fcntl(int descriptor, int command, int argument);
}

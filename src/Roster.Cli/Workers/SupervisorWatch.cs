using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Roster.Cli.Workers;

/// <summary>
/// Ends a worker whose supervisor is gone, even by kill -9: its standard input ends then. (PR_SET_PDEATHSIG follows the
/// thread that started the process, not the process, and .NET's threads come and go.)
/// </summary>
internal sealed class SupervisorWatch(IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>Makes this process a group of its own: Ctrl-C in a terminal is the supervisor's affair.</summary>
    public static void LeaveGroup() => _ = SetProcessGroup(0, 0);

    /// <summary>On a thread of its own: nothing ends a read of standard input, so nobody may wait for it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Watch) { IsBackground = true, Name = "supervisor watch" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Watch()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // The supervisor says nothing: only its end counts.
        }

        lifetime.StopApplication();
    }

    [DllImport("libc", EntryPoint = "setpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcessGroup(int process, int group);
}

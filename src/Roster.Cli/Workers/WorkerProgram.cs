using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Roster.Cli.Settings;

namespace Roster.Cli.Workers;

/// <summary>What a worker is started as: this program's <c>serve</c>, with sockets that are open already.</summary>
/// <param name="Settings">Of the supervisor; the worker reads the same again.</param>
/// <param name="Data">The flag <c>--data</c>, if given.</param>
/// <param name="Tell">Shows what a worker says, and what becomes of it.</param>
internal sealed record WorkerProgram(RosterSettings Settings, string? Data, Action<string> Tell)
{
    /// <summary>Starts one. Its standard input ends with the supervisor, which is how it learns of that; its standard
    /// output speaks to the supervisor; its log is the supervisor's.</summary>
    /// <param name="number">The worker's place; 0 for a spare, which is told later.</param>
    /// <param name="sockets">Its own; a spare's are those of all places.</param>
    /// <exception cref="Win32Exception">The system has no room for it.</exception>
    public WorkerProcess Start(int number, params IReadOnlyList<WorkerSockets> sockets)
    {
        IEnumerable<string> arguments =
        [
            .. ThisProgram.Command.Skip(1),
            "serve",
            "--urls", string.Join(';', Settings.Urls),
            "--worker", number.ToString(CultureInfo.InvariantCulture),
            "--sockets", string.Join(';', sockets.Select(place => place.Description)),
        ];
        var start = new ProcessStartInfo(ThisProgram.Command[0], Data is null ? arguments : [.. arguments, "--data", Data])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new WorkerProcess(Inheritance.Start(start, sockets.SelectMany(place => place.Descriptors)), Tell);
    }
}

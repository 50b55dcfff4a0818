namespace Roster.Lab;

/// <summary>A program of a lab that can be broken and mended: killed, paused, and started again on what it had.</summary>
public interface ILabMember : IAsyncDisposable
{
    /// <summary>Id of its first process, whose death is the member's.</summary>
    int ProcessId { get; }

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    Task<string> Ended { get; }

    /// <summary>Where it logs.</summary>
    string LogFile { get; }

    /// <summary>Kills all its processes, as a crash does: nothing is written down on the way. Its data stays.</summary>
    Task KillAsync();

    /// <summary>Stops all its processes until <see cref="Resume"/>, as a machine that hangs does.</summary>
    /// <exception cref="LabException">It has ended.</exception>
    void Pause();

    /// <summary>Ends <see cref="Pause"/>.</summary>
    /// <exception cref="LabException">It has ended.</exception>
    void Resume();

    /// <summary>Starts it after its end, on the port it had, and waits until it is ready.</summary>
    /// <exception cref="LabException">It did not start.</exception>
    Task StartAgainAsync();
}

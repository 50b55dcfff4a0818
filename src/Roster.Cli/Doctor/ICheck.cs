namespace Roster.Cli.Doctor;

/// <summary>One thing to look at.</summary>
internal interface ICheck
{
    /// <summary>Looks; a finding is a line. What cannot be looked at is a finding too, not an exception.</summary>
    ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation);
}

namespace Roster.Cli.Doctor;

/// <summary>The server that was named with <c>--url</c> is a Roster, and ready.</summary>
internal sealed class ServerCheck : ICheck
{
    public async ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation) =>
        patient.Server is not { } server ? []
            : [await Readiness.AskAsync(server, cancellation) ?? Finding.Wrong($"Nothing listens at {server.GetLeftPart(UriPartial.Authority)}: start it, or correct --url.")];
}

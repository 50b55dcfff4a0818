using Roster.Cli.Settings;

namespace Roster.Cli.Doctor;

/// <summary>Keys do not travel in clear text.</summary>
internal sealed class TlsCheck : ICheck
{
    public ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation)
    {
        var open = patient.Settings.Urls.Where(url =>
            url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !RosterSettings.IsLoopback(url)).ToList();
        return new(open.Count == 0
            ? [Finding.Ok("Keys travel over TLS, or stay on this machine.")]
            : [.. open.Select(url => Finding.Note($"{url} takes keys in clear text from other machines: put a TLS proxy before it, or listen on https:// (Kestrel:Certificates)."))]);
    }
}

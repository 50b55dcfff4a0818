using Roster.Cluster.Tests.Processes;
using Roster.Lab.Nginx;

namespace Roster.Cluster.Tests.Edge;

/// <summary><c>deploy/blue-green/nginx</c> for a lab's nginx.</summary>
internal static class BlueGreen
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<Ended> RunAsync(NginxServer nginx, params string[] arguments)
    {
        var folder = Path.GetDirectoryName(nginx.Settings)!;
        string[] options = ["--conf", nginx.Settings, "--drain", "2"];
        await using var script = ChildProcess.Start(
            new ServerProgram(Report.Beneath("deploy", "blue-green", "nginx"), []), [.. options, .. arguments], folder);
        var code = await script.WaitAsync(3 * RosterProcess.Patience);
        return new Ended(code, script.Output, script.Errors);
    }
}

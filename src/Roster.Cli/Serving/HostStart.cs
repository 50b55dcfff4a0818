using Microsoft.Extensions.Hosting;

namespace Roster.Cli.Serving;

/// <summary>Starting a host, whole or not at all.</summary>
internal static class HostStart
{
    /// <summary>
    /// Starts it, or stops what had begun when something cannot start: a host that is only disposed logs the end of its work in
    /// the background as a fault, beside the sentence that says what is wrong.
    /// </summary>
    public static async Task StartWholeAsync(this IHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None);
            throw;
        }
    }
}

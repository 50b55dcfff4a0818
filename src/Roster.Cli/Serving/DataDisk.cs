using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Roster.Cli.Serving;

/// <summary>Tells how much room is left where the embedded store's folder is.</summary>
internal sealed class DataDisk : IHostedService, IDisposable
{
    private readonly Meter meter = new("Roster");

    public DataDisk(string folder)
    {
        var disk = new DriveInfo(Path.GetFullPath(folder));
        meter.CreateObservableGauge("roster.disk.free", () => disk.AvailableFreeSpace, "By", "Bytes that can still be written on the data folder's disk");
        meter.CreateObservableGauge("roster.disk.size", () => disk.TotalSize, "By", "Size of the data folder's disk");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();
}

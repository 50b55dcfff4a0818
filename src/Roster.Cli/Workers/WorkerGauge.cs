using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Roster.Cli.Workers;

/// <summary>Tells which worker's metrics these are: as a series of its own, which leaves the labels of all others as they are.</summary>
internal sealed class WorkerGauge : IHostedService, IDisposable
{
    private readonly Meter meter = new("Roster");

    public WorkerGauge(int number) => meter.CreateObservableGauge("roster.worker", () => number, unit: null, "The worker's number, from 1");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();
}

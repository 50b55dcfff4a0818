using Xunit;

namespace Roster.Cluster.Tests.Containers;

/// <summary>One build of the image for all tests that run it.</summary>
public sealed class ContainerImage : IAsyncLifetime
{
    internal Podman Podman { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Podman = await Podman.WithImageAsync();

    public ValueTask DisposeAsync() => Podman.DisposeAsync();
}

using Roster.Core.Storage;
using Roster.Storage.Conformance.Model;
using Roster.Tests.Storage;

namespace Roster.Tests.Keys;

/// <summary>A control store whose readings of keys end when the test says so.</summary>
internal sealed class SlowReadings() : DelegatingControlStore(new MemoryControlStore())
{
    /// <summary>The readings that began, oldest first.</summary>
    public List<TaskCompletionSource<IReadOnlyList<ApiKey>>> Readings { get; } = [];

    public override ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation)
    {
        Readings.Add(new TaskCompletionSource<IReadOnlyList<ApiKey>>());
        return new ValueTask<IReadOnlyList<ApiKey>>(Readings[^1].Task);
    }
}

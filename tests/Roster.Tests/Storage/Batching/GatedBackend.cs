namespace Roster.Tests.Storage.Batching;

/// <summary>Doubles numbers, once its gate is open, and remembers the batches it got.</summary>
internal sealed class GatedBackend
{
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> batches = [];

    /// <summary>What a batch fails with, if it does.</summary>
    public Func<IReadOnlyList<int>, Exception?> Fails { get; set; } = _ => null;

    public IReadOnlyList<string> Batches
    {
        get
        {
            lock (batches)
            {
                return [.. batches];
            }
        }
    }

    public void Open() => gate.SetResult();

    public async ValueTask<IReadOnlyList<int>> RunAsync(IReadOnlyList<int> items)
    {
        lock (batches)
        {
            batches.Add(string.Join(' ', items));
        }

        await gate.Task;
        return Fails(items) is { } failure ? throw failure : [.. items.Select(item => 2 * item)];
    }
}

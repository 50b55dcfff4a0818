using GraphQL.DataLoader;

namespace Roster.Api.GraphQL;

/// <summary>
/// Gathers what the fields of one level ask for. The executer asks for results only when nothing else is left to do, and
/// the first one that is asked for reads all: one call a level, whatever the query's shape.
/// </summary>
/// <param name="read">Reads many: results in the order of the keys.</param>
internal sealed class LevelReads<TKey, T>(Func<IReadOnlyList<TKey>, ValueTask<IReadOnlyList<T>>> read)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private Level? gathering;

    public LevelRead<T> Of(TKey key)
    {
        lock (gate)
        {
            var level = gathering ??= new Level();
            if (!level.Places.TryGetValue(key, out var place))
            {
                level.Places[key] = place = level.Keys.Count;
                level.Keys.Add(key);
            }

            return new LevelRead<T>(async () => (await ResultsAsync(level))[place]);
        }
    }

    private Task<IReadOnlyList<T>> ResultsAsync(Level level)
    {
        lock (gate)
        {
            if (ReferenceEquals(gathering, level))
            {
                gathering = null;
            }

            return level.Results ??= read(level.Keys).AsTask();
        }
    }

    private sealed class Level
    {
        public Dictionary<TKey, int> Places { get; } = [];

        public List<TKey> Keys { get; } = [];

        public Task<IReadOnlyList<T>>? Results { get; set; }
    }
}

/// <summary>One result to come.</summary>
internal sealed class LevelRead<T>(Func<Task<T>> result) : IDataLoaderResult<T>
{
    public LevelRead<TOther> Then<TOther>(Func<T, TOther> change) => new(async () => change(await result()));

    public Task<T> GetResultAsync(CancellationToken cancellationToken = default) => result();

    async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await result();
}

using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance;

/// <summary>A fresh, empty store and what the suite may do with it.</summary>
public sealed class StoreUnderTest
{
    /// <summary>The store; made with <see cref="Building.SuiteEncoders.All"/>. The suite disposes it.</summary>
    public required IStore Store { get; init; }

    /// <summary>Which shard of the store owns a bucket.</summary>
    public Func<BucketId, ShardId> ShardOf { get; init; } = _ => ShardId.Control;

    /// <summary>The same data for <c>rebuild</c>; a decorator names its engine's. Null only with an exception for "Rebuild".</summary>
    public IRebuildableStore? Rebuild { get; init; }

    /// <summary>Opens the same data again, after the store was disposed. Null only with an exception for "Durability".</summary>
    public Func<Task<StoreUnderTest>>? Reopen { get; init; }

    /// <summary>Removes what the store left behind; called once, after the last dispose.</summary>
    public Func<ValueTask>? CleanUp { get; init; }
}

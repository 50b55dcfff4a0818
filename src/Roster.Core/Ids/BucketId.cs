namespace Roster.Core.Ids;

/// <summary>One of the 4,096 buckets that users are placed in; the unit that moves between shards.</summary>
/// <param name="Value">0–4095.</param>
public readonly record struct BucketId(int Value)
{
    /// <summary>Number of buckets, fixed for ever: every id carries its bucket in 12 bits.</summary>
    public const int Count = 4096;
}

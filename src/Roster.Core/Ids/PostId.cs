namespace Roster.Core.Ids;

/// <summary>A post's id: a UUIDv7 that carries its author's bucket, so a post lies beside its author.</summary>
public readonly record struct PostId(Guid Value)
{
    /// <summary>The author's bucket.</summary>
    public BucketId Bucket => IdLayout.BucketOf(Value);

    /// <summary>Parses the 36-character form; anything else is no id.</summary>
    public static bool TryParse(string? text, out PostId id)
    {
        var parsed = IdLayout.TryParse(text, out var value);
        id = new PostId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

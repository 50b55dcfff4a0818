namespace Roster.Core.Ids;

/// <summary>A user's id: a UUIDv7 that carries its bucket (see <see cref="IdLayout"/>).</summary>
public readonly record struct UserId(Guid Value) : IComparable<UserId>
{
    /// <summary>The bucket the id was made for.</summary>
    public BucketId Bucket => IdLayout.BucketOf(Value);

    /// <summary>Parses the 36-character form; anything else is no id.</summary>
    public static bool TryParse(string? text, out UserId id)
    {
        var parsed = IdLayout.TryParse(text, out var value);
        id = new UserId(value);
        return parsed;
    }

    /// <summary>Big-endian byte order, which is also the order of creation to the millisecond.</summary>
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");

    /// <summary>Earlier in byte order.</summary>
    public static bool operator <(UserId left, UserId right) => left.CompareTo(right) < 0;

    /// <summary>Later in byte order.</summary>
    public static bool operator >(UserId left, UserId right) => left.CompareTo(right) > 0;

    /// <summary>Earlier in byte order, or equal.</summary>
    public static bool operator <=(UserId left, UserId right) => left.CompareTo(right) <= 0;

    /// <summary>Later in byte order, or equal.</summary>
    public static bool operator >=(UserId left, UserId right) => left.CompareTo(right) >= 0;
}

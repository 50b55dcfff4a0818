using System.Text;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Users;

namespace Roster.Redis.Caching;

/// <summary>
/// A user as bytes: a state, and no body. A node of another release may show it otherwise, and the body is made in less time than
/// its bytes take on the wire. Whoever changes this changes <see cref="Format"/> too, which is part of every key.
/// </summary>
internal static class SharedRow
{
    /// <summary>The format's number.</summary>
    public const int Format = 1;

    public static byte[] Write(User user)
    {
        using var stream = new MemoryStream(256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(user.Tenant.Value);
        writer.Write(user.Name);
        writer.Write(user.Email);
        writer.Write(user.EmailKey);
        writer.Write(user.Attributes.Json);
        writer.Write((byte)user.Status);
        writer.Write(user.Version);
        writer.Write(user.Sequence);
        writer.Write(user.CreatedAt.UtcTicks);
        writer.Write(user.UpdatedAt.UtcTicks);
        writer.Write(user.LastEventAt.UtcTicks);
        writer.Write(user.DeletedAt?.UtcTicks ?? 0);
        return stream.ToArray();
    }

    /// <summary>Null when it is none.</summary>
    public static User? TryRead(UserId id, byte[] bytes, int offset)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, offset, bytes.Length - offset, writable: false), Encoding.UTF8);
            return Read(id, reader);
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static User Read(UserId id, BinaryReader reader) => new()
    {
        Id = id,
        Tenant = new TenantId(reader.ReadString()),
        Name = reader.ReadString(),
        Email = reader.ReadString(),
        EmailKey = reader.ReadString(),
        Attributes = Attributes.FromCanonical(reader.ReadString()),
        Status = (UserStatus)reader.ReadByte(),
        Version = reader.ReadInt64(),
        Sequence = reader.ReadInt64(),
        CreatedAt = Time(reader.ReadInt64()),
        UpdatedAt = Time(reader.ReadInt64()),
        LastEventAt = Time(reader.ReadInt64()),
        DeletedAt = reader.ReadInt64() is var deleted and not 0 ? Time(deleted) : null,
    };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

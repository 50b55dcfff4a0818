namespace Roster.Tests.Api.Users.Import;

/// <summary>Bytes that come a few at a time, as they do from a network.</summary>
internal sealed class Trickle(byte[] bytes, int atATime) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, atATime)], cancellationToken);
}

namespace Roster.Core.Storage;

/// <summary>
/// What a read found: the state, the position it is valid as of, and its UTF-8 JSON body, encoded once. A cache can
/// therefore be a store like the others and still serve ready bytes.
/// </summary>
/// <typeparam name="T">User or post.</typeparam>
public sealed class Read<T>(T state, Position asOf, Func<T, ReadOnlyMemory<byte>> encode)
    where T : class
{
    private ReadOnlyMemory<byte>? body;

    /// <summary>The state.</summary>
    public T State { get; } = state;

    /// <summary>
    /// The state includes every commit whose token names a position up to here. It may lie before the position that the read's own token names:
    /// the state includes that one's commit, but perhaps not another's that ended at the same position later.
    /// </summary>
    public Position AsOf { get; } = asOf;

    /// <summary>The state as the API shows it: UTF-8 JSON, made at the first call.</summary>
    public ReadOnlyMemory<byte> Body => body ??= encode(State);

    /// <summary>The same state with the same body, known to be so at a later position.</summary>
    public Read<T> At(Position later) => new(State, later, encode) { body = body };
}

using System.Buffers;
using System.Text.Json;

namespace Roster.Client;

/// <summary>
/// Users that go to the server in one request: few enough that it can hold every answer, because over HTTP/1.1 a .NET
/// client sends all before it reads.
/// </summary>
internal sealed class ImportChunk
{
    private const int MaxLines = 2000;
    private const int MaxBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> body = new();
    private readonly List<int> starts = [];

    /// <summary>How many came before this chunk.</summary>
    public long Before { get; private init; }

    public int Count => starts.Count;

    public bool IsFull => starts.Count >= MaxLines || body.WrittenCount >= MaxBytes;

    public void Add(NewUser user)
    {
        starts.Add(body.WrittenCount);
        using (var writer = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(writer, user, RosterJson.Default.NewUser);
        }

        body.Write("\n"u8);
    }

    /// <summary>The body from one of its users on.</summary>
    public byte[] BodyFrom(int user) => body.WrittenSpan[starts[user]..].ToArray();

    /// <summary>The chunk that follows.</summary>
    public ImportChunk Next() => new() { Before = Before + Count };
}

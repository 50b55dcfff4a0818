using System.Buffers;
using System.Text.Json;
using Roster.Core.Storage;

namespace Roster.Api.Users.Import;

/// <summary>The counts that an import ends with.</summary>
/// <param name="known">What the client knew before.</param>
internal sealed class ImportTally(ConsistencyToken known)
{
    private ConsistencyToken token = known;
    private readonly long[] counts = new long[3];

    public void Add(ImportAnswer answer)
    {
        counts[(int)answer.Result]++;
        token = answer.AsOf is { } written ? token.Covering(written) : token;
    }

    /// <summary>Writes the last line.</summary>
    /// <param name="output">The response.</param>
    /// <param name="error">Why the import ended before its input did; null when it did not.</param>
    public void WriteTo(IBufferWriter<byte> output, string? error)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("done"u8, error is null);
            if (error is not null)
            {
                writer.WriteString("error"u8, error);
            }

            writer.WriteNumber("created"u8, counts[(int)ImportResult.Created]);
            writer.WriteNumber("exists"u8, counts[(int)ImportResult.Exists]);
            writer.WriteNumber("invalid"u8, counts[(int)ImportResult.Invalid]);
            writer.WriteString("consistencyToken"u8, token.ToString());
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Roster.Client;

/// <summary>A block of a stream: an event with its position, or a position alone.</summary>
internal readonly record struct EventBlock(string Id, Event? Event)
{
    /// <summary>The blocks of an answer as they come (WHATWG HTML, 9.2, as far as this server goes).</summary>
    /// <exception cref="TimeoutException">The server fell silent: not even a heartbeat came.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public static async IAsyncEnumerable<EventBlock> ReadAsync(
        HttpResponseMessage response, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? id = null;
        Event? data = null;
        await foreach (var line in ResponseLines.ReadAsync(response, silence, cancellation))
        {
            if (line.IsEmpty && id is not null)
            {
                yield return new EventBlock(id, data);
                (id, data) = (null, null);
            }
            else if (line.Span.StartsWith("id: "u8))
            {
                id = Encoding.ASCII.GetString(line.Span[4..]);
            }
            else if (line.Span.StartsWith("data: "u8))
            {
                data = JsonSerializer.Deserialize(line.Span[6..], RosterJson.Default.Event);
            }
        }
    }
}

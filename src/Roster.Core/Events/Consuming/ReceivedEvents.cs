using System.Globalization;
using System.Text.Json;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;

namespace Roster.Core.Events.Consuming;

/// <summary>Reads what came over a topic. Others may write to it too: what is no event of ours is passed over and counted.</summary>
public static class ReceivedEvents
{
    private const string OurTypes = "roster.";

    /// <summary>Our events among received values, in their order.</summary>
    /// <param name="consumer">For whom; names the count of foreign messages.</param>
    /// <param name="values">Bytes as they were received; they are kept, not copied.</param>
    public static IReadOnlyList<EventMessage> Among(string consumer, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        var ours = new List<EventMessage>();
        foreach (var value in values)
        {
            if (Read(value) is { } message)
            {
                ours.Add(message);
            }
            else
            {
                ConsumingMetrics.Foreign(consumer);
            }
        }

        return ours;
    }

    /// <summary>A received value as an event; null when it is none of ours.</summary>
    public static EventMessage? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value.Span);
            return ReadObject(ref reader) is { } found && !reader.Read()
                ? new EventMessage(found.User, found.Sequence, found.Type, value)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Tombstones, garbage, text that is no UTF-8.
            return null;
        }
    }

    private static (UserId User, long Sequence, string Type)? ReadObject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        UserId? user = null;
        long? sequence = null;
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Known(ref reader);
            reader.Read();
            if (name is null || reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            var text = reader.GetString()!;
            switch (name)
            {
                case "subject" when UserId.TryParse(text, out var id):
                    user = id;
                    break;
                case "sequence" when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0:
                    sequence = number;
                    break;
                case "type" when text.StartsWith(OurTypes, StringComparison.Ordinal):
                    type = text;
                    break;
            }
        }

        return user is { } u && sequence is { } s && type is { } t ? (u, s, t) : null;
    }

    private static string? Known(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("subject"u8) ? "subject"
        : reader.ValueTextEquals("sequence"u8) ? "sequence"
        : reader.ValueTextEquals("type"u8) ? "type"
        : null;

}

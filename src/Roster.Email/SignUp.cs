using System.Text.Json;
using Roster.Core.Events.Consuming;

namespace Roster.Email;

/// <summary>What a mail needs of <c>roster.user.signedUp.v1</c>.</summary>
/// <param name="EventId">The event.</param>
/// <param name="At">When they signed up.</param>
/// <param name="User">The user's id.</param>
/// <param name="Name">The name: any text.</param>
/// <param name="Email">The address, as written.</param>
/// <param name="Source"><c>import</c> for those who get no mail.</param>
internal sealed record SignUp(Guid EventId, DateTimeOffset At, Guid User, string Name, string Email, string? Source)
{
    /// <summary>Reads a CloudEvent; properties that are not known are passed over.</summary>
    /// <exception cref="PoisonEventException">It is none of this type.</exception>
    public static SignUp Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var (root, data) = (document.RootElement, document.RootElement.GetProperty("data"));
            return new SignUp(
                root.GetProperty("id").GetGuid(),
                root.GetProperty("time").GetDateTimeOffset(),
                root.GetProperty("subject").GetGuid(),
                data.GetProperty("name").GetString() ?? throw new FormatException("data.name is null."),
                data.GetProperty("email").GetString() ?? throw new FormatException("data.email is null."),
                data.TryGetProperty("source", out var source) ? source.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PoisonEventException("The event is no roster.user.signedUp.v1 that can be read.", e);
        }
    }
}

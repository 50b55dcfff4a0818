using System.Text.Json.Serialization;

namespace Roster.Api.Realtime.Tickets;

/// <summary>What a ticket says, sealed.</summary>
/// <param name="Until">When it ends, in milliseconds since 1970.</param>
/// <param name="Tenant">Whose events.</param>
/// <param name="Actor">Who listens.</param>
/// <param name="Only">The one user that may be listened to; null for all.</param>
/// <param name="Key">The stored key that it was made with, if it was.</param>
/// <param name="CredentialUntil">When what it was made with ends, if ever: streams end then too.</param>
internal sealed record TicketContent(long Until, string Tenant, string Actor, Guid? Only, string? Key, long? CredentialUntil);

/// <summary>A ticket as the API shows it.</summary>
internal sealed record TicketView(string Ticket, DateTime ExpiresAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TicketContent))]
[JsonSerializable(typeof(TicketView))]
internal sealed partial class TicketJson : JsonSerializerContext;

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Roster.Api.Auth;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Text;

namespace Roster.Api.Realtime.Tickets;

/// <summary>
/// Tickets for browsers, whose EventSource sends no header: who may listen, sealed (AES-256-GCM) under a secret that all nodes
/// share, so any node takes one and none keeps any. Each has a key of its own, derived by HKDF (RFC 5869) from a random salt,
/// so no nonce is ever used twice. A ticket is good for a minute, and within it as often as an EventSource reconnects: it
/// does so by itself, with the address that it has.
/// </summary>
internal sealed class EventTickets(IControlStore control, CredentialCheck credentials, TimeProvider time)
{
    /// <summary>The parameter of the address that carries one.</summary>
    public const string Parameter = "ticket";

    /// <summary>How long one can be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private const string SecretName = "event-tickets";
    private const int KeyLength = 32;
    private const int SaltLength = 16;
    private const int TagLength = 16;
    private const int MaxLength = 4096;

    private static readonly byte[] Purpose = "roster event ticket v1"u8.ToArray();
    private static readonly byte[] Nonce = new byte[12];

    private volatile byte[]? secret;

    /// <summary>Fetches the secret, so that later an outage of the control shard does not matter.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellation) =>
        secret ??= await control.SecretAsync(SecretName, RandomNumberGenerator.GetBytes(KeyLength), cancellation);

    /// <summary>A ticket for whoever has this credential, and when it ends.</summary>
    public (string Ticket, DateTimeOffset Until) Issue(Identity identity)
    {
        var until = Timestamps.Truncate(time.GetUtcNow() + Life);
        var caller = identity.Caller;
        var content = new TicketContent(
            until.ToUnixTimeMilliseconds(), caller.Tenant.Value, caller.Actor, caller.Only?.Value, identity.KeyId, identity.Until?.ToUnixTimeMilliseconds());
        return (Seal(JsonSerializer.SerializeToUtf8Bytes(content, TicketJson.Default.TicketContent)), until);
    }

    /// <summary>Whose ticket it is.</summary>
    public Authenticated Identify(string ticket)
    {
        if (Open(ticket) is not { } content || content.Until <= time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return Authenticated.Refused("the ticket is none of ours, or older than a minute");
        }

        var caller = new Caller(new TenantId(content.Tenant), content.Actor, SeesDeleted: false)
        {
            Only = content.Only is { } user ? new UserId(user) : null,
        };
        var identity = new Identity(caller, caller.Only is null ? Scopes.EventsRead : Scopes.None)
        {
            Own = caller.Only is null ? null : caller,
            KeyId = content.Key,
            Until = content.CredentialUntil is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        };
        return credentials.IsGood(identity) ? Authenticated.As(identity) : Authenticated.Refused("what the ticket was made with is no longer valid");
    }

    private string Seal(ReadOnlySpan<byte> content)
    {
        var sealedBytes = new byte[SaltLength + content.Length + TagLength];
        var salt = sealedBytes.AsSpan(0, SaltLength);
        RandomNumberGenerator.Fill(salt);
        using var cipher = CipherOf(salt);
        cipher.Encrypt(Nonce, content, sealedBytes.AsSpan(SaltLength, content.Length), sealedBytes.AsSpan(SaltLength + content.Length));
        return Base64Url.EncodeToString(sealedBytes);
    }

    private TicketContent? Open(string ticket)
    {
        if (ticket.Length > MaxLength || !StrictBase64Url.TryDecode(ticket, out var bytes) || bytes.Length <= SaltLength + TagLength)
        {
            return null;
        }

        var content = new byte[bytes.Length - SaltLength - TagLength];
        try
        {
            using var cipher = CipherOf(bytes.AsSpan(0, SaltLength));
            cipher.Decrypt(Nonce, bytes.AsSpan(SaltLength, content.Length), bytes.AsSpan(SaltLength + content.Length), content);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize(content, TicketJson.Default.TicketContent);
    }

    private AesGcm CipherOf(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret ?? throw new StoreUnavailableException("The control shard has not been reached yet."), key, salt, Purpose);
        return new AesGcm(key, TagLength);
    }
}

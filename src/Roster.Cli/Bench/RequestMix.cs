using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Roster.Cli.Remote;

namespace Roster.Cli.Bench;

/// <summary>Makes the requests of a run, ready as bytes.</summary>
internal sealed class RequestMix
{
    private readonly string run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
    private readonly byte[] createHead;
    private readonly byte[] getHead;
    private readonly byte[] getTail;
    private long created;

    public RequestMix(ServerAddress server)
    {
        var path = server.Url.AbsolutePath.TrimEnd('/');
        var common = $"Host: {server.Url.Authority}\r\n{(server.Key is null ? "" : $"Authorization: Bearer {server.Key}\r\n")}";
        createHead = Encoding.ASCII.GetBytes($"POST {path}/users HTTP/1.1\r\n{common}Content-Type: application/json\r\nContent-Length: ");
        getHead = Encoding.ASCII.GetBytes($"GET {path}/users/");
        getTail = Encoding.ASCII.GetBytes($" HTTP/1.1\r\n{common}\r\n");
    }

    /// <summary>Ids that reads choose from.</summary>
    public List<string> Ids { get; } = [];

    /// <summary>A sign-up with an e-mail that no other request has.</summary>
    public ReadOnlyMemory<byte> Create(RequestBuffer buffer)
    {
        var number = Interlocked.Increment(ref created);
        Span<byte> body = stackalloc byte[160];
        var wrote = System.Text.Unicode.Utf8.TryWrite(
            body, CultureInfo.InvariantCulture, $"{{\"name\":\"Bench {number}\",\"email\":\"bench-{run}-{number}@example.com\"}}", out var length);
        System.Diagnostics.Debug.Assert(wrote, "The body fits.");
        return buffer.Clear().Add(createHead).Add(length).Add("\r\n\r\n"u8).Add(body[..length]).Bytes;
    }

    /// <summary>A read of a user chosen at random.</summary>
    public ReadOnlyMemory<byte> Get(RequestBuffer buffer) =>
        buffer.Clear().Add(getHead).Add(Ids[Random.Shared.Next(Ids.Count)]).Add(getTail).Bytes;

    /// <summary>The id in a user's JSON; null when there is none.</summary>
    public static string? IdOf(ReadOnlySpan<byte> user)
    {
        var at = user.IndexOf("\"id\":\""u8);
        return at >= 0 && user.Length >= at + 42 ? Encoding.ASCII.GetString(user.Slice(at + 6, 36)) : null;
    }
}

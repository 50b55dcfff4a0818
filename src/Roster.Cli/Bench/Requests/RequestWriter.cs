using System.Security.Cryptography;
using System.Text;
using Roster.Cli.Bench.Popularity;
using Roster.Cli.Remote;

namespace Roster.Cli.Bench.Requests;

/// <summary>Writes the requests of a run as bytes; what all requests of an operation share is made once.</summary>
internal sealed class RequestWriter
{
    private readonly string run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
    private readonly Dictionary<Operation, Template> templates;
    private long last;

    public RequestWriter(ServerAddress server)
    {
        var common = $" HTTP/1.1\r\nHost: {server.Url.Authority}\r\n{(server.Key is null ? "" : $"Authorization: Bearer {server.Key}\r\n")}";
        templates = Operation.Known.ToDictionary(each => each, each => new Template(each, server.Url.AbsolutePath.TrimEnd('/'), common));
    }

    /// <summary>The users to name.</summary>
    public List<Target> Targets { get; set; } = [];

    /// <summary>Which of them.</summary>
    public IPopularity Popularity { get; set; } = new Uniform(1);

    /// <summary>The next request of an operation; valid until the buffer's next.</summary>
    public ReadOnlyMemory<byte> Write(Operation operation, RequestBuffer buffer)
    {
        var template = templates[operation];
        buffer.Clear().Add(template.Start);
        if (operation.NeedsTarget)
        {
            var target = Targets[Popularity.Next(Random.Shared)];
            buffer.Add(operation.NeedsEmail ? target.Email! : target.Id);
        }

        buffer.Add(template.Middle);
        return operation.Body.Length == 0 ? buffer.Bytes : template.AddBody(buffer, run, Interlocked.Increment(ref last)).Bytes;
    }

    /// <summary>A request with holes: what its target is, how long its body, and a number in it.</summary>
    private sealed class Template
    {
        private readonly byte[][] body;
        private readonly int bodyLength;

        public Template(Operation operation, string path, string common)
        {
            var parts = operation.Path.Replace("{email}", "{id}", StringComparison.Ordinal).Split("{id}");
            Start = Encoding.ASCII.GetBytes($"{operation.Method} {path}{parts[0]}");
            var rest = parts.Length > 1 ? parts[1] : string.Empty;
            var ending = operation.Body.Length == 0 ? "\r\n" : "Content-Type: application/json\r\nContent-Length: ";
            Middle = Encoding.ASCII.GetBytes(rest + common + ending);
            body = [.. operation.Body.Split("{n}").Select(Encoding.UTF8.GetBytes)];
            bodyLength = body.Sum(part => part.Length);
        }

        public byte[] Start { get; }

        public byte[] Middle { get; }

        public RequestBuffer AddBody(RequestBuffer buffer, string run, long number)
        {
            Span<byte> unique = stackalloc byte[32];
            System.Text.Unicode.Utf8.TryWrite(unique, $"{run}-{number}", out var length);
            buffer.Add(bodyLength + ((body.Length - 1) * length)).Add("\r\n\r\n"u8).Add(body[0]);
            foreach (var part in body.AsSpan(1))
            {
                buffer.Add(unique[..length]).Add(part);
            }

            return buffer;
        }
    }
}

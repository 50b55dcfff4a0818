namespace Roster.Lab.Nginx;

/// <summary>What a lab's nginx has of its own; all else is as in <c>deploy/nginx</c>.</summary>
public sealed record NginxOptions
{
    /// <summary>Requests a second of one key, and of one address: by default so many that loads of a lab are never refused.</summary>
    public int RequestsPerSecond { get; init; } = 100_000;

    /// <summary>The green nodes; those that it is started with are blue.</summary>
    public IReadOnlyList<Uri> Green { get; init; } = [];

    /// <summary>Which serve at first: <c>both</c>, <c>blue</c> or <c>green</c>.</summary>
    public string Serving { get; init; } = "both";

    /// <summary>A certificate with its key, both PEM, for TLS and HTTP/2; null: plain HTTP/1.1.</summary>
    public (string Certificate, string Key)? Tls { get; init; }
}

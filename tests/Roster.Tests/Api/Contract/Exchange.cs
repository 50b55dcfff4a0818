namespace Roster.Tests.Api.Contract;

/// <summary>A request and its answer.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Target">Path and query, or an address, as sent.</param>
/// <param name="BodyType">The request's <c>Content-Type</c>, if it had one.</param>
/// <param name="Body">The request's body; empty for none.</param>
/// <param name="Answer">What came.</param>
internal sealed record Exchange(string Method, string Target, string? BodyType, ReadOnlyMemory<byte> Body, Answer Answer)
{
    /// <summary>
    /// The path as a server reads it, without dot segments; null when the target is none. Not by <see cref="Uri"/>, which
    /// knows fragments and takes <c>\</c> for <c>/</c>.
    /// </summary>
    public string? Path => Target.StartsWith('/') ? WithoutDots(Target.Split('?')[0])
        : Uri.TryCreate(Target, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address.AbsolutePath
        : null;

    /// <summary>From the question mark on.</summary>
    public string Query => Target.Contains('?', StringComparison.Ordinal) ? Target[Target.IndexOf('?', StringComparison.Ordinal)..] : string.Empty;

    public bool IsHead => Method == "HEAD";

    public override string ToString() => $"{Method} {Target}\n{System.Text.Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, 2000)])}\n→ {Answer}";

    private static string WithoutDots(string path)
    {
        var kept = new List<string>();
        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var dots = Uri.UnescapeDataString(segments[i]);
            if (dots == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (dots is not ("." or ".."))
            {
                kept.Add(segments[i]);
            }
            else if (i == segments.Length - 1)
            {
                kept.Add(string.Empty);
            }
        }

        return "/" + string.Join('/', kept);
    }
}

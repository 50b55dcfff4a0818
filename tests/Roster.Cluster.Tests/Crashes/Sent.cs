using System.Text;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>A request that can be sent again, byte for byte, with its Idempotency-Key.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The JSON body, if any.</param>
/// <param name="Key">The Idempotency-Key.</param>
/// <param name="IfVersion">The version it is meant for, if only that one will do.</param>
/// <param name="Token">The consistency token that it carries, if any.</param>
internal sealed record Sent(HttpMethod Method, string Path, string? Body, string Key, long? IfVersion = null, string? Token = null)
{
    /// <summary>Sends it; null when no answer came, so that nobody knows what became of it.</summary>
    public async Task<Answer?> TryAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(Method, new Uri(Path, UriKind.Relative));
        request.Headers.Add("Idempotency-Key", Key);
        if (IfVersion is { } version)
        {
            request.Headers.Add("If-Match", $"\"{version}\"");
        }

        if (Token is not null)
        {
            request.Headers.Add("Consistency-Token", Token);
        }

        request.Content = Body is null ? null : new StringContent(Body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            var token = response.Headers.TryGetValues("Consistency-Token", out var tokens) ? tokens.First() : null;
            return new Answer((int)response.StatusCode, body, response.Headers.Contains("Idempotency-Replayed"), token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="Replayed">Whether the server says that it is the first answer again.</param>
/// <param name="Token">The consistency token that it returned.</param>
internal sealed record Answer(int Status, string Body, bool Replayed, string? Token)
{
    /// <summary>An acknowledgement.</summary>
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>An answer that promises nothing either way: repeat the request.</summary>
    public bool IsOpen => Status == 503;
}

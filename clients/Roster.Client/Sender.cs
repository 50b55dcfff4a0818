using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Roster.Client;

/// <summary>Sends requests, again where that is safe and helps, and makes exceptions of problems.</summary>
internal sealed class Sender(HttpClient http, RosterClientOptions options)
{
    private const string TokenHeader = "Consistency-Token";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public RosterClientOptions Options => options;

    public KnownTokens Tokens { get; } = new();

    /// <summary>Sends until it is answered, refused for good, or patience ends.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="RosterException">The server's last word is a problem.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellation)
    {
        var start = options.Time.GetTimestamp();
        for (var pause = options.FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var wait = pause * (0.5 + Random.Shared.NextDouble());
            bool MayRepeat(TimeSpan after) => options.Time.GetElapsedTime(start) + after <= options.Patience;
            try
            {
                var response = await AttemptAsync(request, cancellation);
                if (response.IsSuccessStatusCode || request.Takes(response))
                {
                    return response;
                }

                using (response)
                {
                    var refusal = await RefusalAsync(response, cancellation);
                    wait = refusal.RetryAfter ?? wait;
                    if (!Passes(response.StatusCode, refusal, request) || !MayRepeat(wait))
                    {
                        throw refusal;
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException && request.IsRepeatable && MayRepeat(wait))
            {
                // The answer is not known, but the request may be sent again.
            }

            await Task.Delay(wait, options.Time, cancellation);
        }
    }

    /// <summary>The problem in an answer.</summary>
    public static async Task<RosterException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var retryAfter = response.Headers.RetryAfter?.Delta;
        try
        {
            var problem = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), RosterJson.Default.Problem);
            return new RosterException(problem!, retryAfter);
        }
        catch (JsonException)
        {
            // A proxy's answer, or the web server's own: it has no more than a status.
            var status = (int)response.StatusCode;
            return new RosterException(
                new Problem { Type = "about:blank", Title = response.ReasonPhrase ?? string.Empty, Status = status, Detail = "The answer is no problem document.", TraceId = string.Empty },
                retryAfter);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(ApiRequest request, CancellationToken cancellation)
    {
        var carried = options.ReadsItsWrites ? Tokens.Current() : [];
        using var message = request.ToMessage();
        if (carried.Length > 0)
        {
            message.Headers.TryAddWithoutValidation(TokenHeader, string.Join(',', carried));
        }

        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        attempt.CancelAfter(options.AttemptTimeout);
        try
        {
            var response = await http.SendAsync(
                message, request.IsStreamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, attempt.Token);
            if (response.Headers.TryGetValues(TokenHeader, out var received))
            {
                Tokens.Replace(carried, received.First());
            }

            return response;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {options.AttemptTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", e);
        }
    }

    // 429 and an unavailable server have done nothing; what a gateway says, or a commit that was cut off, leaves it open.
    private static bool Passes(HttpStatusCode status, RosterException refusal, ApiRequest request) => status switch
    {
        HttpStatusCode.TooManyRequests => true,
        HttpStatusCode.ServiceUnavailable => request.IsRepeatable || refusal.Type == "urn:roster:problem:unavailable",
        HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout => request.IsRepeatable,
        _ => false,
    };
}

using System.Net;

namespace Roster.Tests.Client;

/// <summary>A network between client and server that does what it is told with each request, and then works.</summary>
internal sealed class FaultyHandler(params FaultyHandler.Fault[] faults) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    private readonly Queue<Fault> coming = new(faults);

    internal enum Fault
    {
        /// <summary>The request never arrives.</summary>
        RequestLost,

        /// <summary>The server does it, and its answer never arrives.</summary>
        AnswerLost,

        /// <summary>A gateway answers 503 for the server.</summary>
        Unavailable,

        /// <summary>Too many requests: once more, at once.</summary>
        TooMany,

        /// <summary>The server does it, and the answer is cut in the middle.</summary>
        AnswerCut,
    }

    /// <summary>The headers of every request, in their order.</summary>
    public List<Dictionary<string, string>> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Add(request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value)));
        if (!coming.TryDequeue(out var fault))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        switch (fault)
        {
            case Fault.RequestLost:
                throw new HttpRequestException("The request was lost.");
            case Fault.AnswerLost:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException("The answer was lost.");
            case Fault.AnswerCut:
                var answer = await base.SendAsync(request, cancellationToken);
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                answer.Content = new ByteArrayContent(body[..(body.Length / 2)]);
                return answer;
            default:
                var status = fault == Fault.TooMany ? HttpStatusCode.TooManyRequests : HttpStatusCode.ServiceUnavailable;
                return new HttpResponseMessage(status) { Headers = { { "Retry-After", "0" } }, Content = new StringContent("<html>") };
        }
    }
}

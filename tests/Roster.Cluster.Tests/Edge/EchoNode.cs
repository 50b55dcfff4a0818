using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Roster.Cluster.Tests.Edge;

/// <summary>
/// An upstream that answers each request 200 with the headers it came with, a JSON object with names in lower case; <c>/slow</c>
/// only when it is told to.
/// </summary>
internal sealed class EchoNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private int requests;

    public EchoNode() => app = LoopbackApp.Start(AnswerAsync);

    public Uri Address => new(app.Urls.First());

    /// <summary>Requests that it has answered, those for its readiness aside.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Done when <c>/slow</c> is asked for.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets <c>/slow</c> be answered.</summary>
    public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/slow")
        {
            Begun.TrySetResult();
            await Finish.Task;
        }

        if (http.Request.Path != "/readyz")
        {
            Interlocked.Increment(ref requests);
        }

        await http.Response.WriteAsync(
            JsonSerializer.Serialize(http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal)));
    }
}

using System.Text.Json;
using Roster.Cluster.Tests.Processes;

namespace Roster.Cluster.Tests.Realtime;

/// <summary>A client of <c>GET /events</c> that resumes on another node, with the last id that it saw, whenever its stream ends.</summary>
internal sealed class EventClient(IReadOnlyList<RosterProcess> nodes, int first) : IDisposable
{
    private readonly List<HttpClient> ways = [.. nodes.Select(node => node.Connect())];
    private readonly List<(string Subject, string Sequence)> seen = [];
    private string? lastId;

    /// <summary>Done when the first stream tells where it begins.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Connections { get; private set; }

    public int Count
    {
        get
        {
            lock (seen)
            {
                return seen.Count;
            }
        }
    }

    public IReadOnlyList<(string Subject, string Sequence)> Seen
    {
        get
        {
            lock (seen)
            {
                return [.. seen];
            }
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        for (var node = first; !stop.IsCancellationRequested; node++)
        {
            try
            {
                await ListenAsync(ways[node % ways.Count], stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The node is gone, or the test is over.
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    public void Dispose() => ways.ForEach(way => way.Dispose());

    private async Task ListenAsync(HttpClient http, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative));
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if ((int)response.StatusCode == 503)
        {
            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(stop)}");
        }

        Connections++;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        string? id = null;
        JsonElement? data = null;
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = JsonElement.Parse(line[6..]);
            }
            else if (line.Length == 0 && id is not null)
            {
                // A whole block: acknowledged from here on.
                Take(id, data);
                (id, data) = (null, null);
            }
        }
    }

    private void Take(string id, JsonElement? data)
    {
        lock (seen)
        {
            lastId = id;
            if (data is { } happened)
            {
                seen.Add((happened.GetProperty("subject").GetString()!, happened.GetProperty("sequence").GetString()!));
            }
        }

        Begun.TrySetResult();
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Stopping;

/// <summary>A server that is told to stop while it is busiest.</summary>
public sealed class FullSpeedTests
{
    private const int Clients = 64;

    [Fact]
    public async Task Every_create_answered_before_or_during_a_stop_is_there_afterwards()
    {
        await using var server = await RosterProcess.StartAsync();
        ConcurrentDictionary<string, string> acknowledged = new(StringComparer.Ordinal);
        using (var http = server.Connect())
        {
            var clients = Enumerable.Range(0, Clients).Select(client => CreateAsync(http, client, acknowledged)).ToList();
            while (acknowledged.Count < Clients * 5)
            {
                await Task.Delay(10);
            }

            Assert.Equal(0, await server.StopAsync());
            await Task.WhenAll(clients);
        }

        await server.StartAgainAsync();
        using var again = server.Connect();
        var there = await ExportAsync(again);
        Assert.All(acknowledged, user => Assert.Equal(user.Value, there.GetValueOrDefault(user.Key)));
    }

    /// <summary>Creates users until the server takes no more; what is refused then was not promised.</summary>
    private static async Task CreateAsync(HttpClient http, int client, ConcurrentDictionary<string, string> acknowledged)
    {
        for (var i = 0; ; i++)
        {
            var email = $"busy{client}.{i}@example.com";
            try
            {
                using var answer = await http.PostAsJsonAsync("/users", new { name = "Busy", email });
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return;
                }

                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                using var user = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                acknowledged[email] = user.RootElement.GetProperty("id").GetString()!;
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<Dictionary<string, string>> ExportAsync(HttpClient http)
    {
        var lines = await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var user = JsonDocument.Parse(line);
            users.Add(user.RootElement.GetProperty("email").GetString()!, user.RootElement.GetProperty("id").GetString()!);
        }

        return users;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Roster.Core.Ids;

namespace Roster.Cluster.Tests.Events;

/// <summary>A client that signs users up, changes them and lets them post, until it is told to end.</summary>
internal sealed class Member(int number, int seed, HttpClient http)
{
    private readonly Random random = new(seed + number);
    private readonly List<UserId> users = [];

    /// <summary>Those that it has signed up.</summary>
    public IReadOnlyList<UserId> Users => users;

    public async Task WorkAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await (random.Next(3) == 0 || users.Count == 0 ? SignUpAsync() : ChangeAsync(users[random.Next(users.Count)]));
            await Task.Delay(random.Next(10), CancellationToken.None);
        }
    }

    private async Task SignUpAsync()
    {
        using var answer = await http.PostAsJsonAsync(new Uri("/users", UriKind.Relative), new { name = "Ada", email = $"ada-{number}-{users.Count}@example.org" });
        answer.EnsureSuccessStatusCode();
        var user = await answer.Content.ReadFromJsonAsync<JsonElement>();
        users.Add(new UserId(user.GetProperty("id").GetGuid()));
    }

    private async Task ChangeAsync(UserId user)
    {
        using var answer = random.Next(2) == 0
            ? await http.PatchAsJsonAsync(new Uri($"/users/{user}", UriKind.Relative), new { name = $"Ada {random.Next()}" })
            : await http.PostAsJsonAsync(new Uri($"/users/{user}/posts", UriKind.Relative), new { text = $"Said {random.Next()}" });
        answer.EnsureSuccessStatusCode();
    }
}

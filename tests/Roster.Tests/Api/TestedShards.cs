using Roster.Storage.Postgres;
using Roster.Tests.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Api;

/// <summary>
/// What the API's tests run over. <c>./test</c> runs them once more with <c>ROSTER_TEST_SHARDS</c> set to a number, and once
/// more with <c>ROSTER_TEST_STORAGE=postgres</c> beside it.
/// </summary>
/// <param name="Settings">Name the shards.</param>
/// <param name="DropAsync">Removes what was made for them.</param>
internal sealed record TestedShards(IReadOnlyList<(string Key, string Value)> Settings, Func<Task> DropAsync)
{
    /// <summary>One embedded shard.</summary>
    public static TestedShards Standard { get; } = new([], () => Task.CompletedTask);

    /// <summary>As the environment says.</summary>
    /// <param name="folder">Where embedded shards may lie.</param>
    public static async Task<TestedShards> MakeAsync(string folder)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("ROSTER_TEST_SHARDS"), out var count))
        {
            return Standard;
        }

        if (Environment.GetEnvironmentVariable("ROSTER_TEST_STORAGE") != "postgres")
        {
            return Standard with
            {
                Settings = [.. Enumerable.Range(0, count).Select(i => ($"Roster:Shards:{i}:Path", Path.Combine(folder, $"shard{i}")))],
            };
        }

        var lab = await TestContext.Current.GetFixture<PostgresLab>()
            ?? throw new InvalidOperationException("There is no lab in this assembly.");
        List<PostgresOptions> databases = [];
        for (var i = 0; i < count; i++)
        {
            databases.Add(await lab.CreateAsync(i));
        }

        var primaries = databases.Select((options, i) => ($"Roster:Shards:{i}:Primary", options.ConnectionString));
        return new([("Roster:Storage", "postgres"), .. primaries], () => Task.WhenAll(databases.Select(lab.DropAsync)));
    }
}

using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Shards;

/// <summary>How a shard is.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Folder">Where it lies; null when a server keeps it.</param>
/// <param name="Address">Its server and database, <c>host:port/database</c>; null when it lies in a folder.</param>
/// <param name="Problem">Why it cannot serve, in a sentence; when it cannot even be read, the rest is null.</param>
/// <param name="Process">Who serves it from its folder, or null.</param>
/// <param name="Server">What its server says.</param>
/// <param name="Content">What is in it.</param>
internal sealed record ShardStatus(
    int Shard, string? Folder, string? Address, string? Problem, string? Process, ServerStatus? Server, ShardContent? Content)
{
    /// <summary>Of all shards, whatever their engine.</summary>
    public static IReadOnlyList<ShardStatus> Of(InspectedShards shards, TimeProvider time)
    {
        var map = MapOf(shards);
        return [.. shards.All.Select(shard => Of(shard, map, time))];
    }

    public void Show(TextWriter output)
    {
        output.WriteLine($"shard {Shard}, {Folder ?? Address}: {Problem ?? "ok"}");
        if (Content is { } content)
        {
            output.WriteLine(Server is { } server
                ? $"  {server.Role}, schema {content.Schema}"
                : $"  {(Process is null ? "not served now" : $"served by process {Process}")}, schema {content.Schema}");
            content.Show(output);
            Server?.Show(output);
        }
    }

    private static string? ProblemOf(InspectedShard shard) => shard switch
    {
        ServerShard { Database.Server.IsStandby: true } => "It is a standby, which only reads.",
        ServerShard { Inside.Schema: var schema } when schema < shard.NewestSchema =>
            $"It has schema {schema}, and this program needs {shard.NewestSchema}: roster migrate",
        _ => shard.Problem,
    };

    /// <summary>Without its map a shard can be looked at all the same.</summary>
    private static ShardMap? MapOf(InspectedShards shards)
    {
        try
        {
            return shards.Map();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static ShardStatus Of(InspectedShard shard, ShardMap? map, TimeProvider time)
    {
        var status = new ShardStatus(
            shard.Shard.Value,
            shard is EmbeddedShard ? shard.Place : null,
            shard is ServerShard ? shard.Place : null,
            ProblemOf(shard),
            (shard as EmbeddedShard)?.Holder,
            shard is ServerShard server ? ServerStatus.Of(server, map) : null,
            Content: null);
        if (shard.Inside is not { } inside)
        {
            return status;
        }

        try
        {
            IReadOnlyList<BucketId> buckets = map is null ? [.. Enumerable.Range(0, BucketId.Count).Select(i => new BucketId(i))] : BucketRanges.Of(map, shard.Shard);
            return status with { Content = ShardContent.Of(inside, (shard as EmbeddedShard)?.Database?.LogBytes, buckets, time) };
        }
        catch (StoreUnavailableException e)
        {
            return status with { Problem = e.Message };
        }
    }
}

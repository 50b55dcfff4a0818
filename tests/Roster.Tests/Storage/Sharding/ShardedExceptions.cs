namespace Roster.Tests.Storage.Sharding;

/// <summary>Facts of one shard that several shards together answer otherwise.</summary>
internal static class ShardedExceptions
{
    private const string WhoeverMeetsIt = "The sharding store is who uses intents: it brings one that it meets to its end.";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["An_intent_keeps_every_other_change_of_its_user_away"] = WhoeverMeetsIt,
        ["A_clean_up_step_removes_at_most_the_limit_of_each_kind"] = "The limit holds for each shard, since each does its own step.",
    };
}

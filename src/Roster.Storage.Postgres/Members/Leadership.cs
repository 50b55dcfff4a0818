namespace Roster.Storage.Postgres.Members;

/// <summary>That a member leads, for as long as it is believed.</summary>
/// <param name="Member">Which.</param>
/// <param name="Timeline">Its timeline: what answers from an older one is a former leader that does not know it yet.</param>
/// <param name="Ended">Cancelled when another leads, or nobody is known to.</param>
internal sealed record Leadership(ShardMember Member, long Timeline, CancellationToken Ended);

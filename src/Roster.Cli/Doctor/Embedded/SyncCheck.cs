using System.Diagnostics;
using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>The folder can be written, and the disk syncs: every batch of writes waits for that once.</summary>
internal sealed class SyncCheck : ShardCheck<EmbeddedShard>
{
    private const int Times = 7;
    private const int PageBytes = 4096;

    protected override bool Applies(EmbeddedShard shard) => Directory.Exists(shard.Folder);

    protected override Finding Find(EmbeddedShard shard, Patient patient)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose, BufferSize = 0 };
        using var file = new FileStream(Path.Combine(shard.Folder, $"doctor.{Path.GetRandomFileName()}"), options);
        var took = new List<TimeSpan>();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            file.Write(new byte[PageBytes]);
            file.Flush(flushToDisk: true);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        return Finding.Ok($"{shard.Folder} can be written; a sync takes {took[Times / 2].TotalMilliseconds:0.0} ms (median of {Times}).");
    }
}

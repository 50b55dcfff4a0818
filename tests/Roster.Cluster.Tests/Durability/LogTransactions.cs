using System.Buffers.Binary;

namespace Roster.Cluster.Tests.Durability;

/// <summary>
/// The transactions that a trace shows being written to the write-ahead log. A frame is a header of 24 bytes and a page
/// (https://www.sqlite.org/fileformat2.html#wal_file_format); the header whose bytes 4 to 7 are not zero belongs to the
/// last frame of a transaction, and until that page is written the transaction is nothing.
/// </summary>
internal static class LogTransactions
{
    private const int FrameHeader = 24;

    /// <summary>A transaction: its marks, where its last write returned, where the first sync begun after that returned.</summary>
    internal sealed record Written(IReadOnlySet<string> Marks, int Complete, int Durable);

    public static IReadOnlyList<Written> In(IReadOnlyList<TracedCall> calls)
    {
        var syncs = calls.Where(c => c is { IsSync: true, IsToLog: true, Succeeded: true }).ToList();
        List<Written> transactions = [];
        HashSet<string> marks = [];
        var isLast = false;
        foreach (var write in calls.Where(c => c is { IsToLog: true, IsSync: false, Succeeded: true }))
        {
            if (write.Data.Length == FrameHeader)
            {
                isLast = BinaryPrimitives.ReadUInt32BigEndian(write.Data.AsSpan(4)) != 0;
                continue;
            }

            marks.UnionWith(Mark.In(write.Data));
            if (isLast)
            {
                var durable = syncs.Where(s => s.Begin > write.End).Select(s => s.End).DefaultIfEmpty(int.MaxValue).Min();
                transactions.Add(new Written(marks, write.End, durable));
                (marks, isLast) = ([], false);
            }
        }

        return transactions;
    }
}

using System.Threading.Channels;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Redis.Caching;

/// <summary>Puts rows that were read into Redis, many at a time and behind everybody's back; with too many waiting some are left out.</summary>
internal sealed class Fills(SharedUsers users, SharedCounts counts)
{
    private const int Waiting = 5_000;
    private const int PerCall = 200;

    private readonly Channel<Read<User>> waiting = Channel.CreateBounded<Read<User>>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Add(Read<User> read) => waiting.Writer.TryWrite(read);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancellation))
            {
                List<Read<User>> batch = [];
                while (batch.Count < PerCall && waiting.Reader.TryRead(out var read))
                {
                    batch.Add(read);
                }

                foreach (var life in batch.GroupBy(read => read.AsOf.Timeline))
                {
                    counts.Took(await users.PutAsync(life.Key, [.. life]) ?? 0);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}

using System.Threading.Channels;

namespace Roster.Core.Requests;

/// <summary>One side of a bounded hand-over: a sequence poured into a channel.</summary>
public static class ChannelFilling
{
    /// <summary>
    /// Writes all items, waiting while the channel is full. Ends by completing the channel, with the failure if there is
    /// one: the reader meets it, and it is never left unobserved.
    /// </summary>
    public static async Task FillAsync<T>(
        this ChannelWriter<T> channel, IAsyncEnumerable<T> items, CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in items.WithCancellation(cancellation))
            {
                await channel.WriteAsync(item, cancellation);
            }

            channel.TryComplete();
        }
        catch (Exception e)
        {
            channel.TryComplete(e);
        }
    }
}

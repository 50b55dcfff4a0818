using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>
/// Registers a stream of users: never all or nothing, answers in the order of the lines, memory flat. Many lines are
/// on their way at once, so that they share the store's batches.
/// </summary>
public sealed class ImportUsers(RegisterUser register, FindUsers find, IStore store, TimeProvider time)
{
    /// <summary>Lines on their way at once.</summary>
    public const int Window = 1024;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    /// <summary>One line: a request, or what was wrong with the line itself.</summary>
    /// <param name="Number">Of the line in the input, from 1.</param>
    /// <param name="Request">What the line asks for.</param>
    /// <param name="Errors">Why it could not be read.</param>
    public sealed record Line(long Number, RegisterUser.Request? Request, ValidationErrors? Errors);

    /// <summary>A line's answer.</summary>
    /// <param name="Number">Of the line.</param>
    /// <param name="Result">How its sign-up ended.</param>
    /// <param name="Owner">Who has the e-mail, when it was taken.</param>
    /// <param name="Seen">A token that covers the owner as it was found.</param>
    public sealed record Answer(long Number, WriteResult<User> Result, User? Owner = null, ConsistencyToken? Seen = null);

    /// <summary>Registers all lines. Stop enumerating to stop; lines that were begun are still finished.</summary>
    public async IAsyncEnumerable<Answer> HandleAsync(
        IAsyncEnumerable<Line> lines, Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var underWay = Channel.CreateBounded<Task<Answer>>(
            new BoundedChannelOptions(Window) { SingleReader = true, SingleWriter = true });
        var reading = underWay.Writer.FillAsync(lines.Select(line => RegisterAsync(line, caller, stop.Token)), stop.Token);
        try
        {
            await foreach (var answer in underWay.Reader.ReadAllAsync(cancellation))
            {
                yield return await answer;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task<Answer> RegisterAsync(Line line, Caller caller, CancellationToken cancellation)
    {
        if (line.Request is null)
        {
            return new Answer(line.Number, new WriteResult<User>.Invalid(line.Errors!));
        }

        while (true)
        {
            try
            {
                var result = await register.HandleAsync(line.Request, caller, key: null, cancellation);
                if (result is not WriteResult<User>.EmailTaken)
                {
                    return new Answer(line.Number, result);
                }

                // Nobody found: its owner was deleted meanwhile, or a replica lags; so once more, after a pause.
                var owner = new FindUsers.Filter(line.Request.Email, null, null);
                var found = await find.HandleAsync(owner, limit: 1, null, caller, ConsistencyToken.Latest, cancellation);
                if (found is { Items: [{ State: var existing }, ..] })
                {
                    return new Answer(line.Number, result, existing, await store.SeenAsync(existing.Id.Bucket, cancellation));
                }
            }
            catch (StoreBusyException)
            {
                // An import can wait where a person would not: interactive requests go first.
            }

            await Task.Delay(BusyPause, time, cancellation);
        }
    }
}

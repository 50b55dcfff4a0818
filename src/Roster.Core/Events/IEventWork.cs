namespace Roster.Core.Events;

/// <summary>Work that goes on beside requests, such as publishing.</summary>
public interface IEventWork
{
    /// <summary>Works until cancelled; outages are waited out in here. It ends, without an exception, when all is given back.</summary>
    Task RunAsync(CancellationToken cancellation);
}

/// <summary>Something that whoever runs Roster should know of such work.</summary>
/// <param name="IsLoss">True when promises are at stake, such as events that nobody has read in time.</param>
/// <param name="Sentence">What happened, and what comes of it.</param>
/// <param name="Cause">What led to it, if it was an exception.</param>
public sealed record Notice(bool IsLoss, string Sentence, Exception? Cause = null);

/// <summary>Takes notices: a log.</summary>
public delegate void NoticeSink(Notice notice);

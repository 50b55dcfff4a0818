using Roster.Core.Events.Consuming;

namespace Roster.Email;

/// <summary>Where mails go: a server or a folder.</summary>
internal interface IMailDestination : IAsyncDisposable
{
    /// <summary>Hands a mail over; ends when the other side is responsible for it.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellation">Stops waiting to begin. What has begun is brought to its end: to stop in the middle would
    /// leave a mail that was sent and is not known to be.</param>
    /// <exception cref="PoisonEventException">This mail will never be taken.</exception>
    /// <exception cref="ConsumerUnavailableException">No mail is taken now.</exception>
    /// <exception cref="MailDeferredException">This mail is not taken now; others may be.</exception>
    Task DeliverAsync(Mail mail, CancellationToken cancellation);
}

/// <summary>A mail was not taken this time; a sentence says why.</summary>
public sealed class MailDeferredException(string message, Exception? inner = null) : Exception(message, inner);

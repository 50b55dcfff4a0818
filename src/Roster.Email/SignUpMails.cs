using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Users;
using Roster.Email.Folder;
using Roster.Email.Smtp;

namespace Roster.Email;

/// <summary>
/// Sends everyone who signs up a mail. Into a folder a mail goes once; a server may get one twice, when the process dies
/// between the server's "taken" and the note of it (docs/operations/email.md).
/// </summary>
public sealed class SignUpMails : IEventConsumer, IAsyncDisposable
{
    /// <summary>The consumer's name, for ever.</summary>
    public const string ConsumerName = "sign-up-mail";

    private const string Import = "import";

    private readonly IMailDestination destination;
    private readonly MailComposer composer;

    /// <summary>Opens the way to where mails go; connects to nothing yet.</summary>
    public SignUpMails(EmailOptions options, TimeProvider time)
        : this(options, options.Destination switch
        {
            SmtpOptions smtp => new SmtpDestination(smtp, time),
            FolderOptions folder => new FolderDestination(folder.Path),
            var other => throw new ArgumentOutOfRangeException(nameof(options), other, "No such destination."),
        })
    {
    }

    internal SignUpMails(EmailOptions options, IMailDestination destination)
    {
        this.destination = destination;
        composer = new MailComposer(options.From, options.Templates);
    }

    /// <inheritdoc/>
    public string Name => ConsumerName;

    /// <inheritdoc/>
    public bool Wants(string type) => type == SignedUp.TypeName;

    /// <inheritdoc/>
    public async Task HandleAsync(EventMessage message, CancellationToken cancellation)
    {
        var signUp = SignUp.Read(message.Json);
        if (signUp.Source == Import)
        {
            return;
        }

        try
        {
            await destination.DeliverAsync(composer.Compose(signUp), cancellation);
            EmailMetrics.Sent();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            EmailMetrics.Failed(e);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => destination.DisposeAsync();
}

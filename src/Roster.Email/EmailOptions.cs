using Roster.Email.Templates;

namespace Roster.Email;

/// <summary>Whose mails go where.</summary>
public sealed record EmailOptions
{
    /// <summary>The sender.</summary>
    public required Sender From { get; init; }

    /// <summary>Where mails go.</summary>
    public required DestinationOptions Destination { get; init; }

    /// <summary>What they say.</summary>
    public MailTemplates Templates { get; init; } = MailTemplates.Standard;
}

/// <summary>One of the places where mails can go.</summary>
public abstract record DestinationOptions;

/// <summary>A folder that gets a file per mail.</summary>
/// <param name="Path">The folder; made when it is missing.</param>
public sealed record FolderOptions(string Path) : DestinationOptions;

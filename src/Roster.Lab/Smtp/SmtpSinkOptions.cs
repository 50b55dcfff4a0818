namespace Roster.Lab.Smtp;

/// <summary>How a mail server of the lab behaves.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>The only account; null lets anybody send.</summary>
    public string? User { get; init; }

    /// <summary>Its password.</summary>
    public string? Password { get; init; }

    /// <summary>Offers STARTTLS, with a certificate that nobody trusts.</summary>
    public bool StartTls { get; init; }

    /// <summary>Takes local parts outside ASCII (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; } = true;

    /// <summary>Answers every connection with 421.</summary>
    public bool TurnsAway { get; init; }

    /// <summary>How late the answer to a mail for <c>slow-…</c> comes.</summary>
    public TimeSpan Slowness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How late the answer to any other mail comes.</summary>
    public TimeSpan Pause { get; init; }
}

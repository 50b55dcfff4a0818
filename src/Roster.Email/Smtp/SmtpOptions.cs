using System.Globalization;
using MailKit.Security;

namespace Roster.Email.Smtp;

/// <summary>
/// A server that takes mails, as its address says:
/// <c>smtp://user:password@host:port?starttls=always|whenAvailable|never&amp;certificate=trusted|any</c>, or <c>smtps://…</c>.
/// </summary>
public sealed record SmtpOptions : DestinationOptions
{
    /// <summary>How an address is written, for sentences: the address itself may hold a password, and is never shown.</summary>
    public const string Form = "smtp://user:password@host:587 or smtps://user:password@host:465, with ?starttls=always, whenAvailable or never behind it";

    private const int StandardPort = 25;
    private const int StandardTlsPort = 465;

    /// <summary>Its name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>When the connection becomes TLS.</summary>
    public required SecureSocketOptions Security { get; init; }

    /// <summary>The account, if the server wants one.</summary>
    public string? User { get; init; }

    /// <summary>Its password.</summary>
    public string? Password { get; init; }

    /// <summary>Take any certificate: for tests, and for nothing else.</summary>
    public bool TakesAnyCertificate { get; init; }

    /// <summary>Most connections at a time.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>How long a server may take to let us in, TLS and log-in included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may take for one mail. When it ends after the mail was sent, the mail may come twice, so it is long.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence; never its password.</param>
    public static SmtpOptions? Parse(string text, out string problem)
    {
        problem = "is no address of a mail server";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("smtp" or "smtps") || address.Host.Length == 0
            || address.AbsolutePath is not ("" or "/") || address.Fragment.Length > 0)
        {
            return null;
        }

        var account = address.UserInfo.Split(':', 2);
        var options = new SmtpOptions
        {
            Host = address.IdnHost.Trim('[', ']'),
            Port = address.Port > 0 ? address.Port : address.Scheme == "smtps" ? StandardTlsPort : StandardPort,
            Security = address.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect
                : account.Length == 2 && !address.IsLoopback ? SecureSocketOptions.StartTls
                : SecureSocketOptions.StartTlsWhenAvailable,
            User = account.Length == 2 ? Uri.UnescapeDataString(account[0]) : null,
            Password = account.Length == 2 ? Uri.UnescapeDataString(account[1]) : null,
        };
        if (address.UserInfo.Length > 0 && account.Length == 1)
        {
            problem = "names a user without a password";
            return null;
        }

        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (With(options, address.Scheme, pair) is not { } more)
            {
                problem = "has an option that there is not";
                return null;
            }

            options = more;
        }

        var mayBeOpen = options.Security is SecureSocketOptions.None or SecureSocketOptions.StartTlsWhenAvailable;
        if (options.User is not null && mayBeOpen && !address.IsLoopback)
        {
            problem = "would send its password unencrypted";
            return null;
        }

        return options;
    }

    /// <summary>The server without its account: what may be said of it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static SmtpOptions? With(SmtpOptions options, string scheme, string pair) => (scheme, pair) switch
    {
        ("smtp", "starttls=always") => options with { Security = SecureSocketOptions.StartTls },
        ("smtp", "starttls=whenAvailable") => options with { Security = SecureSocketOptions.StartTlsWhenAvailable },
        ("smtp", "starttls=never") => options with { Security = SecureSocketOptions.None },
        (_, "certificate=trusted") => options with { TakesAnyCertificate = false },
        (_, "certificate=any") => options with { TakesAnyCertificate = true },
        _ => null,
    };
}

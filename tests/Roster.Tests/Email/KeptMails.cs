using System.Text;
using Roster.Email;

namespace Roster.Tests.Email;

/// <summary>Keeps mails as the bytes that would go out.</summary>
internal sealed class KeptMails : IMailDestination
{
    public List<byte[]> All { get; } = [];

    public static SignUpMails Sending(KeptMails to, string sender = "Roster <mail@example.com>") =>
        new(new EmailOptions { From = Sender.Parse(sender)!, Destination = new FolderOptions("unused") }, to);

    /// <summary>The mail that a sign-up gets, as text.</summary>
    public static string Of(string name, string email, Guid? id = null) => Encoding.UTF8.GetString(BytesOf(name, email, id));

    public static byte[] BytesOf(string name, string email, Guid? id = null)
    {
        var kept = new KeptMails();
        var handling = Sending(kept).HandleAsync(SignUps.Of(name, email, id: id), CancellationToken.None);
        handling.GetAwaiter().GetResult();
        return kept.All.Single();
    }

    public async Task DeliverAsync(Mail mail, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await mail.Message.WriteToAsync(mail.Format(), bytes, cancellation);
        All.Add(bytes.ToArray());
    }

    public ValueTask DisposeAsync() => default;
}

using Roster.Core.Events.Consuming;
using Roster.Email;
using Roster.Tests.Events.Schemas;
using Xunit;

namespace Roster.Tests.Email;

public sealed class SignUpMailsTests : IAsyncDisposable
{
    private readonly KeptMails kept = new();

    [Fact]
    public void It_wants_sign_ups_only()
    {
        var mails = KeptMails.Sending(kept);
        Assert.Equal("sign-up-mail", mails.Name);
        Assert.Equal(["roster.user.signedUp.v1"], EventSchemas.All.Keys.Where(mails.Wants));
    }

    [Theory]
    [InlineData("import", 0)]
    [InlineData(null, 1)]
    [InlineData("another", 1)]
    public async Task Imported_users_get_no_mail(string? source, int count)
    {
        await KeptMails.Sending(kept).HandleAsync(SignUps.Of("Ada", "ada@example.com", source), CancellationToken.None);
        Assert.Equal(count, kept.All.Count);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "user_id": 1, "event": "signup" }""")]
    [InlineData("""{ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "time": "2026-01-31T12:00:00Z", "subject": "x", "data": { "name": "A", "email": "a@b" } }""")]
    [InlineData("""{ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "time": "2026-01-31T12:00:00Z", "subject": "01890a5d-ac96-774b-bcce-b302099a8057", "data": { "name": 1, "email": "a@b" } }""")]
    [InlineData("""{ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "time": "2026-01-31T12:00:00Z", "subject": "01890a5d-ac96-774b-bcce-b302099a8057", "data": { "name": null, "email": "a@b" } }""")]
    [InlineData("""{ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "time": "2026-01-31T12:00:00Z", "subject": "01890a5d-ac96-774b-bcce-b302099a8057", "data": { "name": "A", "email": "nobody" } }""")]
    [InlineData("""{ "id": "01890a5d-ac96-774b-bcce-b302099a8057", "time": "2026-01-31T12:00:00Z", "subject": "01890a5d-ac96-774b-bcce-b302099a8057", "data": { "name": "A", "email": "a@b\r\nRCPT TO:<eve@example.com>" } }""")]
    public async Task What_can_never_be_sent_is_poison(string json)
    {
        await Assert.ThrowsAsync<PoisonEventException>(() => KeptMails.Sending(kept).HandleAsync(SignUps.Raw(json), CancellationToken.None));
        Assert.Empty(kept.All);
    }

    public ValueTask DisposeAsync() => kept.DisposeAsync();

    [Theory]
    [InlineData("mail@example.com", "mail@example.com")]
    [InlineData("Röster <mail@MÜNCHEN.de>", "mail@xn--mnchen-3ya.de")]
    public void A_sender_is_an_address_with_or_without_a_name(string text, string address) =>
        Assert.Equal(address, Sender.Parse(text)!.Mailbox.GetAddress(idnEncode: true));

    [Theory]
    [InlineData("nobody")]
    [InlineData("a@b, c@d")]
    [InlineData("Roster <mail@example.com>\r\nBcc: eve@example.com")]
    [InlineData("a b@example.com")]
    public void What_is_no_sender_is_none(string text) => Assert.Null(Sender.Parse(text));
}

using System.Text;
using Roster.Api;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Tests.Events.Consuming;

/// <summary>Anybody may write to a topic: ours are told from others', whatever the others are.</summary>
public sealed class ReceivedEventsTests
{
    [Fact]
    public void What_was_published_is_read_back()
    {
        var recorded = new Changes().Register("Ada", "ada@example.org").Events[0];
        var json = RosterApi.EventEncoder(recorded);
        var message = ReceivedEvents.Read(json);
        Assert.Equal(new EventMessage(recorded.User, 1, SignedUp.TypeName, json), message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"user_id": 1, "event": "signup"}""")]
    [InlineData("""{"subject":"x","type":"roster.user.signedUp.v1","sequence":"1"}""")]
    [InlineData("""{"subject":"SUBJECT","type":"com.example.v1","sequence":"1"}""")]
    [InlineData("""{"subject":"SUBJECT","type":"roster.user.signedUp.v1","sequence":"0"}""")]
    [InlineData("""{"subject":"SUBJECT","type":"roster.user.signedUp.v1","sequence":1}""")]
    [InlineData("""{"subject":"SUBJECT","type":"roster.user.signedUp.v1","sequence":"99999999999999999999"}""")]
    [InlineData("""{"subject":"SUBJECT","type":"roster.user.signedUp.v1","sequence":"1"} {}""")]
    [InlineData("""{"data":{"subject":"SUBJECT","type":"roster.user.signedUp.v1","sequence":"1"}}""")]
    public void What_others_wrote_is_passed_over(string text) =>
        Assert.Empty(ReceivedEvents.Among("mail", [Bytes(text), new byte[] { 0xff, 0xfe, 0x00 }]));

    [Fact]
    public void Ours_are_found_between_others_and_may_hold_what_we_do_not_know_yet()
    {
        var ours = Bytes("""{"new":[{"subject":1}],"type":"roster.user.renamed.v2","sequence":"7","subject":"SUBJECT","data":{"sequence":"9"}}""");
        Assert.Equal([7L], ReceivedEvents.Among("mail", [Bytes("x"), ours, Bytes("{}")]).Select(message => message.Sequence));
    }

    private static ReadOnlyMemory<byte> Bytes(string text)
    {
        var user = new UserId(new Guid("0192f0c1-7a2b-7123-8abc-000000000001"));
        return Encoding.UTF8.GetBytes(text.Replace("SUBJECT", user.ToString(), StringComparison.Ordinal));
    }
}

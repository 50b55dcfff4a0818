using System.Text.Json;
using Roster.Core.Json;
using Roster.Core.Requests;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

/// <summary>What the use cases decide, without any store.</summary>
public sealed class DecisionTests
{
    private static readonly User Ada = Streams.UserAfter();

    [Fact]
    public void A_patch_that_says_what_is_so_already_makes_no_event()
    {
        Nothing(new ChangeUser.Request());
        Nothing(new ChangeUser.Request { Name = "Ada", Email = " Ada@Example.com ", Attributes = Json("""{"a":1.0}""") });
        Nothing(new ChangeUser.Request { Attributes = Json("{}") });
        Nothing(new ChangeUser.Request { Attributes = Json("""{"none":null}""") });
    }

    [Fact]
    public void Name_and_e_mail_make_two_events() => Assert.Equal(
        [new ProfileChanged("Ada L.", null), new EmailChanged("ada@example.org", "Ada@Example.com")],
        Decided(new() { Name = "Ada L.", Email = "ada@example.org", Attributes = Json("""{"a":1}""") }));

    [Fact]
    public void An_event_holds_only_what_changed_and_attributes_whole() => Assert.Equal(
        [new ProfileChanged(null, Attributes.FromCanonical("""{"a":1,"b":{}}"""))],
        Decided(new() { Name = "Ada", Attributes = Json("""{"b":{"x":null}}""") }));

    [Fact]
    public void Null_attributes_remove_them_all() =>
        Assert.Equal([new ProfileChanged(null, Attributes.Empty)], Decided(new() { Attributes = Json("null") }));

    [Fact]
    public void An_e_mail_in_another_spelling_is_a_change() =>
        Assert.Equal([new EmailChanged("ada@example.com", "Ada@Example.com")], Decided(new() { Email = "ada@example.com" }));

    [Fact]
    public void Everything_wrong_with_a_patch_is_said_at_once()
    {
        var request = new ChangeUser.Request
        {
            Name = " ",
            Email = "nobody",
            Attributes = Json("[]"),
            Errors = new ValidationErrors().Add("age", "is unknown"),
        };
        var invalid = Assert.IsType<WriteResult<User>.Invalid>(ChangeUser.Decide(Ada, request).Refusal);
        Assert.Equal(["age", "attributes", "email", "name"], invalid.Errors.ByField.Select(field => field.Key));
        Assert.Equal("age is unknown", request.Errors.ToString());
    }

    [Fact]
    public void A_stale_version_is_refused_before_anything_else()
    {
        var decision = ChangeUser.Decide(Ada, new() { Name = " ", Accepts = version => version == 7 });
        Assert.Equal(new WriteResult<User>.VersionMismatch(1), decision.Refusal);
        Assert.Empty(decision.Events);
        Assert.Null(ChangeUser.Decide(Ada, new() { Name = "Ada L.", Accepts = version => version == 1 }).Refusal);
    }

    [Fact]
    public void Suspending_the_suspended_and_reactivating_the_active_makes_no_event()
    {
        var suspended = Streams.UserAfter(new Suspended());
        Assert.Equal([new Suspended()], SuspendUser.Decide(Ada, UserStatus.Suspended).Events);
        Assert.Empty(SuspendUser.Decide(suspended, UserStatus.Suspended).Events);
        Assert.Equal([new Reactivated()], SuspendUser.Decide(suspended, UserStatus.Active).Events);
        Assert.Empty(SuspendUser.Decide(Ada, UserStatus.Active).Events);
    }

    [Fact]
    public void A_deletion_heeds_the_version_too()
    {
        Assert.Equal([new UserDeleted()], DeleteUser.Decide(Ada, null).Events);
        Assert.Equal([new UserDeleted()], DeleteUser.Decide(Ada, version => version == 1).Events);
        Assert.Equal(new WriteResult<User>.VersionMismatch(1), DeleteUser.Decide(Ada, version => version == 2).Refusal);
    }

    private static void Nothing(ChangeUser.Request request) => Assert.Empty(Decided(request));

    private static IReadOnlyList<UserEvent> Decided(ChangeUser.Request request)
    {
        var decision = ChangeUser.Decide(Ada, request);
        Assert.Null(decision.Refusal);
        return decision.Events;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

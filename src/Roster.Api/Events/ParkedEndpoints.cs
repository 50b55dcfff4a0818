using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Core.Events.Consuming;
using Roster.Core.Keys;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Events;

/// <summary>Events that consumers could not handle, for administrators.</summary>
internal static class ParkedEndpoints
{
    public static void MapParked(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events/parked", List).Needs(Scopes.Admin);
        routes.MapPost("/events/parked/retry", Retry).Needs(Scopes.Admin);
    }

    private static async Task<IResult> List(HttpContext http, ReviewParked parked)
    {
        var query = http.Request.Query;
        var limit = query.Limit(FindUsers.DefaultLimit, FindUsers.MaxLimit);
        if (await parked.ListAsync(query.Text("consumer"), limit, query.Text("after"), http.RequestAborted) is not { } page)
        {
            return ListAnswers.BadCursor();
        }

        NextLink.Add(http, page.Next);
        return TypedResults.Json([.. page.Items.Select(ParkedView.Of)], ParkedJson.Default.ParkedViewArray);
    }

    private static async Task<IResult> Retry(HttpContext http, ReviewParked parked)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http, MediaTypes.Json), "consumer", "userId");
        var users = await parked.RetryAsync(fields.Text("consumer"), fields.Text("userId"), fields.Errors, http.RequestAborted);
        fields.ThrowIfInvalid();
        return TypedResults.Json(new RetriedView(users), ParkedJson.Default.RetriedView);
    }
}

/// <summary>A parked event as the API shows it.</summary>
internal sealed record ParkedView(
    string Consumer,
    Guid UserId,
    long Sequence,
    string Reason,
    int Attempts,
    DateTime Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? NextAttempt,
    JsonElement Event)
{
    public static ParkedView Of(ParkedEvent parked) => new(
        parked.Consumer,
        parked.Event.User.Value,
        parked.Event.Sequence,
        parked.Reason,
        parked.Attempts,
        parked.Since.UtcDateTime,
        parked.NextAttempt?.UtcDateTime,
        JsonElement.Parse(parked.Event.Json.Span));
}

/// <summary>How many users have events that are tried again.</summary>
internal sealed record RetriedView(int Users);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ParkedView[]))]
[JsonSerializable(typeof(RetriedView))]
internal sealed partial class ParkedJson : JsonSerializerContext;

using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Core.Keys;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary><c>GET /users/export</c>: every user, a line each, in the order of ids; one page in memory at a time.</summary>
internal static class ExportEndpoint
{
    private static readonly FindUsers.Filter Everybody = new(null, null, null);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/export", Export).Needs(Scopes.UsersRead);

    private static async Task Export(HttpContext http, FindUsers find)
    {
        var (after, caller, gone) = (http.After(), http.Caller(), http.RequestAborted);
        var output = http.Response.BodyWriter;
        http.Response.ContentType = "application/x-ndjson";
        string? cursor = null;
        do
        {
            // A cursor of our own always fits.
            var page = (await find.HandleAsync(Everybody, FindUsers.MaxLimit, cursor, caller, after, gone))!;
            foreach (var user in page.Items)
            {
                output.Write(user.Body.Span);
                output.Write("\n"u8);
            }

            await output.FlushAsync(gone);
            cursor = page.Next;
        }
        while (cursor is not null && !gone.IsCancellationRequested);
    }
}

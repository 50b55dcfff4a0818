using Xunit;

namespace Roster.Tests.Api.Hostile;

public sealed class SlowImportTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    /// <summary>An import has two minutes, and a line at least every second after them; a client that just stays is told and left.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task An_import_that_stalls_ends_and_keeps_what_it_did()
    {
        var line = $$"""{"name":"A","email":"{{ApiClient.NewEmail()}}"}""" + "\n";
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(
            $"{hurried.Head("POST", "/users/import")}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n{line}");
        await connection.ReceivedAsync("\"created\"");
        await connection.ReceivedAsync("""{"done":false,"error":"Reading the request body timed out""");
        await hurried.IsUnharmedAsync();
    }
}

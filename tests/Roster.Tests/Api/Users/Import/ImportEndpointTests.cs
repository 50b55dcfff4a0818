using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Roster.Tests.Api.Users.Import;

public sealed class ImportEndpointTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_line_is_answered_in_order_with_its_number_in_the_input()
    {
        var lines = await Import("""
            {"name":"A","email":"order-a@example.com"}

            nonsense
            {"name":"B","email":"ORDER-A@example.com"}
            {"name":"C","email":"order-c@example.com","phone":1}
            {"name":"D","email":"order-d@example.com","attributes":{"x":1}}
            """);

        Assert.Equal(
            ["1 created", "3 invalid", "4 exists", "5 invalid", "6 created"],
            lines[..^1].Select(line => $"{line.GetProperty("line")} {line.GetProperty("result")}"));
        Assert.Equal(lines[0].GetProperty("id").GetString(), lines[2].GetProperty("id").GetString());
        Assert.Equal("""{"phone":["is not a known field"]}""", lines[3].GetProperty("errors").GetRawText());
        var last = lines[^1];
        Assert.True(last.GetProperty("done").GetBoolean());
        Assert.Equal((2, 1, 2), (last.GetProperty("created").GetInt32(), last.GetProperty("exists").GetInt32(), last.GetProperty("invalid").GetInt32()));
        Assert.NotEmpty(last.GetProperty("consistencyToken").GetString()!);
    }

    [Fact]
    public async Task A_CSV_file_is_taken_as_it_is()
    {
        var lines = await Import("email,name\r\n\"csv@example.com\",\"Lovelace, \"\"Ada\"\"\"\r\nx\r\n", "text/csv; charset=utf-8");

        Assert.Equal(["created", "invalid"], lines[..^1].Select(line => line.GetProperty("result").GetString()));
    }

    [Theory]
    [InlineData("application/json", "", 415)]
    [InlineData("text/csv; charset=latin1", "", 415)]
    [InlineData("text/csv", "?sendMail=perhaps", 400)]
    [InlineData("text/csv", "", 422)]
    public async Task What_is_no_import_is_refused_before_it_begins(string type, string query, int status)
    {
        using var response = await Send("name,phone\n", type, query);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_import_needs_a_key_that_may_write()
    {
        using var client = new HttpClient { BaseAddress = server.Url };
        using var content = new StringContent("");
        Assert.Equal(401, (int)(await client.PostAsync("/users/import", content)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await server.NewKeyAsync("users:read")).Secret);
        Assert.Equal(403, (int)(await client.PostAsync("/users/import", content)).StatusCode);
    }

    [Fact]
    public async Task A_line_too_long_is_invalid_and_those_behind_it_are_imported()
    {
        var lines = await Import($$"""
            {"name":"{{new string('x', 70_000)}}","email":"long@example.com"}
            {"name":"Short","email":"short@example.com"}
            """);

        Assert.Equal(["invalid", "created"], lines[..^1].Select(line => line.GetProperty("result").GetString()));
    }

    [Fact]
    public async Task A_client_that_sends_5000_lines_before_it_reads_is_not_blocked()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $$"""{"name":"U {{i}}","email":"unread{{i}}@example.com"}""" + "\n")));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /users/import HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {server.AdminKey}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        var answer = await new StreamReader(stream).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("\"done\":true,\"created\":5000,\"exists\":0,\"invalid\":0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_comes_while_the_client_still_sends()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /users/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.AdminKey}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n"
            + """{"name":"Early","email":"early@example.com"}""" + "\n"));

        var seen = string.Empty;
        var buffer = new byte[4096];
        while (!seen.Contains("\"result\":\"created\"", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotEqual(0, read);
            seen += Encoding.UTF8.GetString(buffer, 0, read);
        }
    }

    [Fact]
    public async Task The_export_holds_what_was_imported_in_the_order_of_ids()
    {
        await Import(string.Concat(Enumerable.Range(0, 1200).Select(i => $$"""{"name":"E {{i}}","email":"export{{i}}@example.com"}""" + "\n")));
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminKey);

        var lines = (await client.GetStringAsync("/users/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var ids = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(1200, lines.Count(line => line.Contains("\"export", StringComparison.Ordinal)));
    }

    private async Task<List<JsonElement>> Import(string body, string type = "application/x-ndjson")
    {
        using var response = await Send(body, type, string.Empty);
        Assert.Equal(200, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task<HttpResponseMessage> Send(string body, string type, string query)
    {
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminKey);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await client.PostAsync("/users/import" + query, content);
    }
}

using System.Text;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Remote;
using Xunit;

namespace Roster.Tests.Cli.Bench.Requests;

public sealed class RequestWriterTests
{
    private readonly RequestBuffer buffer = new();

    private static RequestWriter Writer(string url = "http://127.0.0.1:1") =>
        new(new ServerAddress(new Uri(url), "rk_x")) { Targets = [new Target("abc", "a%40b.c")] };

    [Theory]
    [InlineData("get", "GET /users/abc HTTP/1.1")]
    [InlineData("email", "GET /users?email=a%40b.c HTTP/1.1")]
    [InlineData("post", "POST /users/abc/posts HTTP/1.1")]
    [InlineData("list", "GET /users?limit=50 HTTP/1.1")]
    public void An_operation_names_its_user(string operation, string line) =>
        Assert.StartsWith(line + "\r\nHost: 127.0.0.1:1\r\nAuthorization: Bearer rk_x\r\n", Write(Writer(), operation), StringComparison.Ordinal);

    [Fact]
    public void Every_body_is_as_long_as_its_head_says()
    {
        var writer = Writer("http://h:81/base/");
        foreach (var operation in Operation.Known.Where(each => each.Body.Length > 0))
        {
            var request = Write(writer, operation.Name).Split("\r\n\r\n");
            Assert.Contains($" /base/users", request[0], StringComparison.Ordinal);
            Assert.Equal(int.Parse(request[0].Split("Content-Length: ")[1], System.Globalization.CultureInfo.InvariantCulture), request[1].Length);
        }
    }

    [Fact]
    public void No_email_comes_twice_even_from_another_run()
    {
        var (one, other) = (Writer(), Writer());

        var emails = Enumerable.Range(0, 1000).SelectMany(_ => new[] { Write(one, "create"), Write(other, "create") }).Select(request => request[request.IndexOf("email", StringComparison.Ordinal)..]);

        Assert.Equal(2000, emails.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("""{"id":"0199-a","name":"N","email":"a+b@example.com"}""", "0199-a", "a%2Bb%40example.com")]
    [InlineData("""{"id": 17, "name": "N"}""", "17", null)]
    [InlineData("""{"name":"N","email":"e@example.com","id":4}""", "4", "e%40example.com")]
    public void A_user_is_found_in_what_a_server_answers(string json, string id, string? email) =>
        Assert.Equal(new Target(id, email), Target.Of(Encoding.UTF8.GetBytes(json)));

    private string Write(RequestWriter writer, string operation) => Encoding.UTF8.GetString(writer.Write(Operation.Of(operation)!, buffer).Span);
}

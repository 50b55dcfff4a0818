using Xunit;

namespace Roster.Tests.Api;

/// <summary>HEAD is GET without a body, for every endpoint that has GET.</summary>
public sealed class HeadTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        var user = await server.Admin.SignUpAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/users/{user.Id}");
        using var answer = await server.Admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("\"1\"", answer.Headers.ETag?.Tag);
        Assert.Equal(user.Body.Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/livez", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/users", 401)]
    [InlineData("/nothing", 404)]
    public async Task HEAD_needs_what_GET_needs(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await server.Nobody.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }
}

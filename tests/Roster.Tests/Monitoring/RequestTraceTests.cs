using System.Text.Json;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Api;
using Roster.Tests.Api.Auth;
using Xunit;

namespace Roster.Tests.Monitoring;

/// <summary>What ties a problem to the lines of the log, without a collector.</summary>
public sealed class RequestTraceTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Unknown = "019b76da-a800-7dd3-9e37-79b97f4a7c15";
    private static readonly (string, string) Parent = ("traceparent", $"00-{Trace}-b7ad6b7169203331-01");

    private RunningServer server = null!;
    private KeptLogs logs = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.StartAsync(store => new BrokenStore(store));
        logs = KeptLogs.Of(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_line_of_the_log_names_the_trace_that_the_problem_names()
    {
        using var reader = await server.WithScopesAsync("users:read");
        string[] traces =
        [
            Named(await server.Nobody.GetAsync("/users"), 401, "no valid credential"),
            Named(await server.Nobody.GetAsync("/users"), 401, "no valid credential"),
            Named(await reader.GetAsync("/keys"), 403, "lacks"),
            Named(await reader.GetAsync($"/users/{Unknown}"), 500, "failed"),
        ];
        Assert.Distinct(traces);
    }

    [Fact]
    public async Task A_caller_who_names_its_trace_finds_it_in_the_log_whatever_failed()
    {
        Assert.Equal(Trace, Named(await server.Nobody.GetAsync("/users", Parent), 401, "no valid credential"));
        Assert.Equal(Trace, Named(await server.Admin.GetAsync($"/users/{Unknown}", Parent), 500, "failed"));
        await server.Admin.PostAsync("/graphql", JsonSerializer.Serialize(new { query = $"{{ user(id: \"{Unknown}\") {{ name }} }}" }), Parent);
        Assert.Contains(logs.Lines, line => line.Contains("GraphQL field failed", StringComparison.Ordinal) && line.Contains(Trace, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    public async Task A_traceparent_that_is_none_begins_a_trace(string header) =>
        Assert.NotEqual(Trace, Named(await server.Nobody.GetAsync("/users", ("traceparent", header)), 401, "no valid credential"));

    private string Named(Answer answer, int status, string message)
    {
        var trace = answer.Is(status).IsWellFormedProblem().Text("traceId");
        Assert.Contains(logs.Lines, line => line.Contains(message, StringComparison.Ordinal) && line.Contains(trace, StringComparison.Ordinal));
        return trace;
    }

    private sealed class BrokenStore(IStore inner) : DelegatingStore(inner)
    {
        public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
            throw new InvalidOperationException("broken");
    }
}

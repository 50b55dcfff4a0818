using System.Net.Sockets;
using System.Text;
using Roster.Core.Storage;
using Roster.Tests.Api.Auth;
using Xunit;

namespace Roster.Tests.Api.Users.Import;

/// <summary>Clients that do not read, and a store that goes away, over a real socket.</summary>
public sealed class StalledImportTests
{
    private const int LineBytes = 1024;
    private const int Lines = 300_000;
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_client_that_never_reads_is_bounded_and_stalls_nobody_else()
    {
        await using var server = await RunningServer.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, SendBufferSize = 64 * 1024 };
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /users/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.AdminKey}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {(long)Lines * LineBytes}\r\n\r\n"));
        var sent = 0L;
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', LineBytes - 1) + "\n", 16)));
            for (var i = 0; i < Lines / 16; i++)
            {
                await stream.WriteAsync(block, stop.Token);
                Interlocked.Add(ref sent, block.Length);
            }
        });

        for (var i = 0; i < 30; i++)
        {
            (await server.Admin.SignUpAsync()).Is(201);
        }

        long before;
        do
        {
            before = Interlocked.Read(ref sent);
            await Task.WhenAny(sending, Task.Delay(300));
        }
        while (!sending.IsCompleted && before != Interlocked.Read(ref sent));

        Assert.False(sending.IsCompleted, $"The server took all {(long)Lines * LineBytes} bytes from a client that read no answer.");
        (await server.Admin.SignUpAsync()).Is(201);
        await stop.CancelAsync();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_store_that_fails_in_mid_stream_ends_the_answer_with_done_false_and_sending_again_completes_it()
    {
        FailingStore? store = null;
        await using var server = await RunningServer.StartAsync(inner => store = new FailingStore(inner, "user150@example.com"));
        var body = string.Concat(Enumerable.Range(0, 3000).Select(i => $$"""{"name":"U {{i}}","email":"user{{i}}@example.com"}""" + "\n"));

        var logs = KeptLogs.Of(server);
        var broken = await ImportAsync(server, body);
        Assert.Contains(Trace, Assert.Single(logs.Lines, line => line.Contains("ended early", StringComparison.Ordinal)), StringComparison.Ordinal);
        store!.Heal();
        var whole = await ImportAsync(server, body);

        Assert.Equal(151, broken.Length);
        Assert.All(broken[..^1], (line, i) => Assert.StartsWith($$"""{"line":{{i + 1}},"result":"created",""", line, StringComparison.Ordinal));
        Assert.StartsWith(
            """{"done":false,"error":"The disk is gone.","created":150,"exists":0,"invalid":0,"consistencyToken":""", broken[^1], StringComparison.Ordinal);
        Assert.All(broken[..^1], (line, i) => Assert.Equal(line.Replace("created", "exists", StringComparison.Ordinal), whole[i]));
        Assert.Equal(3001, whole.Length);
        Assert.StartsWith("{\"done\":true,", whole[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_before_the_first_answer_is_a_503()
    {
        await using var server = await RunningServer.StartAsync(inner => new FailingStore(inner, "first@example.com"));

        var answer = await server.Admin.PostAsync(
            "/users/import", """{"name":"F","email":"first@example.com"}""", ("Content-Type", "application/x-ndjson"));

        answer.IsProblem(503);
        Assert.NotNull(answer.Header("Retry-After"));
    }

    private static async Task<string[]> ImportAsync(RunningServer server, string body)
    {
        var answer = await server.Admin.PostAsync("/users/import", body, ("Content-Type", "application/x-ndjson"), ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        return Encoding.UTF8.GetString(answer.Is(200).Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Fails to write one user until it is healed.</summary>
    private sealed class FailingStore(IStore inner, string email) : DelegatingStore(inner)
    {
        private volatile bool failing = true;

        public void Heal() => failing = false;

        public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
            failing && changes.Any(change => change.Next?.Email.ToString() == email)
                ? throw new StoreUnavailableException("The disk is gone.")
                : base.CommitAsync(changes, cancellation);
    }
}

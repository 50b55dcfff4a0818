using System.ComponentModel;
using System.Net;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Durability;

/// <summary>kill -9 says nothing about power failures: the page cache survives it. The system calls do.</summary>
public sealed class SyncTests
{
    private const int Clients = 16;
    private const int CreatesEach = 10;
    private const int Deletes = 10;
    private const string Calls = "fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg";

    [Fact]
    public async Task Every_acknowledged_write_follows_the_sync_of_its_batch()
    {
        var calls = await TraceAsync(ServerProgram.Roster);
        var (marked, alone) = (SyncChecker.Check(calls), SyncChecker.CheckAlone(calls));
        Assert.Empty(marked.Violations);
        Assert.Empty(alone.Violations);
        Assert.Equal(Clients * CreatesEach * 2, marked.Answers);
        Assert.Equal(Deletes, alone.Answers);
    }

    [Theory]
    [InlineData("Off")]
    [InlineData("Normal")]
    public async Task An_engine_that_acknowledges_before_it_syncs_is_caught(string level)
    {
        var calls = await TraceAsync(ServerProgram.Unsafe(level));
        var (marked, alone) = (SyncChecker.Check(calls), SyncChecker.CheckAlone(calls));
        Assert.Equal(marked.Answers, marked.Violations.Count);
        Assert.Equal(alone.Answers, alone.Violations.Count);
        Assert.Equal(Clients * CreatesEach * 2, marked.Answers);
    }

    [Fact]
    public async Task The_unsafe_server_is_sound_when_it_syncs() =>
        Assert.Empty(SyncChecker.Check(await TraceAsync(ServerProgram.Unsafe("Full"))).Violations);

    private static async Task<IReadOnlyList<TracedCall>> TraceAsync(ServerProgram program)
    {
        var log = Path.GetTempFileName();
        try
        {
            await using (var server = await StartAsync(program.Traced(log, Calls, bytes: 4200)))
            {
                using var http = server.Connect();
                var users = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => WriteAsync(http, client)));
                foreach (var user in users.SelectMany(u => u).Take(Deletes))
                {
                    using var gone = await http.DeleteAsync(user);
                    Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
                }

                Assert.Equal(0, await server.StopAsync());
            }

            return TraceLog.Read(File.ReadLines(log));
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static async Task<RosterProcess> StartAsync(ServerProgram program)
    {
        try
        {
            return await RosterProcess.StartAsync(program);
        }
        catch (Win32Exception)
        {
            Assert.Fail("strace is missing: run apt-get install strace (./test does it).");
            throw;
        }
    }

    /// <summary>Creates and changes users, each write with a mark of its own; returns their addresses.</summary>
    private static async Task<List<Uri>> WriteAsync(HttpClient http, int client)
    {
        List<Uri> users = [];
        for (var i = 0; i < CreatesEach; i++)
        {
            var number = ((client * CreatesEach) + i) * 2;
            using var created = await http.PostAsJsonAsync("/users", new { name = "Ada", email = $"{Mark.Of(number)}@example.com" });
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            users.Add(created.Headers.Location!);

            // The e-mail goes too: else this answer would show the first mark again.
            using var changed = await http.PatchAsJsonAsync(created.Headers.Location, new { name = Mark.Of(number + 1), email = $"ada{number}@example.com" });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        return users;
    }
}

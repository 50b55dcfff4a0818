using System.Net;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Roster.Lab.Nginx;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>nginx with the files of <c>deploy/nginx</c> and no node, or one that echoes.</summary>
public sealed class NginxTests
{
    [Fact]
    public async Task The_files_are_as_nginx_wants_them()
    {
        var folder = Directory.CreateTempSubdirectory("roster-test-");
        try
        {
            var shipped = Report.Beneath("deploy", "nginx");
            foreach (var path in Directory.EnumerateFiles(shipped, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder.FullName, Path.GetRelativePath(shipped, path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                var text = await File.ReadAllTextAsync(path);
                await File.WriteAllTextAsync(copy, text
                    .Replace("/run/", folder.FullName + "/", StringComparison.Ordinal)
                    .Replace("/var/log/nginx/", folder.FullName + "/", StringComparison.Ordinal)
                    .Replace(":443 ", $":{LoopbackPorts.Free()} ", StringComparison.Ordinal)
                    .Replace("listen 443 ", $"listen {LoopbackPorts.Free()} ", StringComparison.Ordinal));
            }

            var (certificate, key) = new LabCertificate().Pem;
            var tls = folder.CreateSubdirectory("roster/tls").FullName;
            await File.WriteAllTextAsync(Path.Combine(tls, "fullchain.pem"), certificate);
            await File.WriteAllTextAsync(Path.Combine(tls, "key.pem"), key);
            await using var test = ChildProcess.Start(
                new ServerProgram("/usr/sbin/nginx", []), ["-t", "-e", "stderr", "-p", folder.FullName, "-c", Path.Combine(folder.FullName, "nginx.conf")], folder.FullName);
            Assert.True(await test.WaitAsync(RosterProcess.Patience) == 0, test.Errors);
            Assert.DoesNotContain("[warn]", test.Errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Over_TLS_it_speaks_HTTP_2_and_nodes_get_a_trace_and_the_clients_address()
    {
        var certificate = new LabCertificate();
        await using var node = new EchoNode();
        await using var nginx = await NginxServer.StartAsync([node.Address], new NginxOptions { Tls = certificate.Pem });
        using var http = certificate.Connect(nginx.Address);
        using var answer = await http.GetAsync(new Uri("/users", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var echo = await answer.Content.ReadAsStringAsync();
        var id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        Assert.Matches($"\"traceparent\":\"00-{id}-{id[..16]}-0[01]\"", echo);
        Assert.Contains($"\"x-request-id\":\"{id}\"", echo, StringComparison.Ordinal);
        Assert.Contains("\"x-forwarded-for\":\"127.0.0.1\"", echo, StringComparison.Ordinal);
        Assert.Contains("\"x-forwarded-proto\":\"https\"", echo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_requests_of_one_key_are_refused_with_when_to_come_back_and_others_are_not()
    {
        await using var node = new EchoNode();
        await using var nginx = await NginxServer.StartAsync([node.Address], new NginxOptions { RequestsPerSecond = 1 });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 50 }) { BaseAddress = nginx.Address };
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(_ => SendAsync("Bearer one")));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();

        // The burst of one key is 1,000.
        Assert.InRange(refused.Count, 150, 199);
        await EdgeTests.IsProblemAsync(refused[0], HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), refused[0].Headers.RetryAfter?.Delta);
        using var other = await SendAsync("Bearer two");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Array.ForEach(answers, answer => answer.Dispose());

        async Task<HttpResponseMessage> SendAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/users", UriKind.Relative));
            request.Headers.Add("Authorization", key);
            return await http.SendAsync(request);
        }
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Roster.Tests.Api.Docs;

/// <summary>The page to read and try the API works on a machine that can reach nothing else.</summary>
public sealed partial class DocsPageTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] Own = ["'self'", "'none'", "data:"];

    [Fact]
    public async Task The_policy_of_the_page_lets_in_no_other_host_and_no_inline_code()
    {
        foreach (var path in await AssetsAsync())
        {
            var policy = (await server.Nobody.GetAsync(path)).Is(200).Header("Content-Security-Policy")!;
            var directives = policy.Split("; ").Select(directive => directive.Split(' ')).ToDictionary(words => words[0], words => words[1..]);
            Assert.Equal(["'none'"], directives["default-src"]);
            Assert.All(directives.Values.SelectMany(sources => sources), source => Assert.Contains(source, Own));
            Assert.Equal(["'self'"], directives["script-src"]);
        }
    }

    [Fact]
    public async Task Everything_that_the_page_loads_is_served_here()
    {
        foreach (var path in await AssetsAsync())
        {
            var file = Encoding.UTF8.GetString((await server.Nobody.GetAsync(path)).Is(200).Body);
            if (path.EndsWith(".css", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("@import", file, StringComparison.Ordinal);
                Assert.All(StyleUrl().Matches(file), url => Assert.StartsWith("data:", url.Groups["url"].Value, StringComparison.Ordinal));
            }
        }

        var start = Encoding.UTF8.GetString((await server.Nobody.GetAsync("/docs/page.js")).Body);
        Assert.Contains("validatorUrl: null", start, StringComparison.Ordinal);
        Assert.Contains("url: \"/openapi/v1.json\"", start, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_no_inline_script_or_style()
    {
        var page = Encoding.UTF8.GetString((await server.Nobody.GetAsync("/docs")).Body);
        Assert.DoesNotMatch(@"<style|style=|<script(?![^>]*src=)|\son\w+=", page);
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    [InlineData("/schemas/roster.user.signedUp.v1.json")]
    public async Task What_a_browser_has_already_is_not_sent_again(string path)
    {
        var tag = (await server.Nobody.GetAsync(path)).Is(200).Header("ETag")!;
        Assert.Empty((await server.Nobody.GetAsync(path, ("If-None-Match", tag))).Is(304).Body);
        (await server.Nobody.GetAsync(path, ("If-None-Match", "\"another\""))).Is(200);
    }

    [Theory]
    [InlineData("gzip, deflate, br", true)]
    [InlineData("br, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*/broken, ;;", false)]
    [InlineData("identity", false)]
    public async Task A_script_is_packed_for_those_who_take_it_so(string accepts, bool packed)
    {
        var plain = await server.Nobody.GetAsync("/docs/swagger-ui-bundle.js");
        var answer = (await server.Nobody.GetAsync("/docs/swagger-ui-bundle.js", ("Accept-Encoding", accepts))).Is(200);
        Assert.Equal(packed ? "gzip" : null, answer.Header("Content-Encoding"));
        Assert.Equal(plain.Body, packed ? Unpacked(answer.Body) : answer.Body);
    }

    private async Task<IReadOnlyList<string>> AssetsAsync()
    {
        var page = Encoding.UTF8.GetString((await server.Nobody.GetAsync("/docs")).Is(200).Body);
        var loaded = Loaded().Matches(page).Select(match => match.Groups["url"].Value).Where(url => url != "data:,").ToList();
        Assert.Equal(4, loaded.Count);
        Assert.All(loaded, url => Assert.StartsWith("/docs/", url, StringComparison.Ordinal));
        return ["/docs", .. loaded];
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var bytes = new MemoryStream();
        using var unpacking = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        unpacking.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex("""<(script|link)[^>]*(src|href)="(?<url>[^"]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Loaded();

    [GeneratedRegex("""url\(["']?(?<url>[^"')]{1,40})""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StyleUrl();
}

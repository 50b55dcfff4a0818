using System.Net.Sockets;
using Roster.Cli.Settings;
using Roster.Cli.Workers;
using Xunit;

namespace Roster.Tests.Cli.Workers;

/// <summary>URLs, as sockets that workers share.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080", false)]
    [InlineData("https://127.0.0.1:8443", "127.0.0.1:8443", true)]
    [InlineData("HTTPS://10.1.2.3:8443", "10.1.2.3:8443", true)]
    [InlineData("http://[::1]:8080", "[::1]:8080", false)]
    [InlineData("https://[fd00::7]:8443/", "[fd00::7]:8443", true)]
    [InlineData("http://localhost:8080", "127.0.0.1:8080 [::1]:8080", false)]
    [InlineData("http://127.0.0.1", "127.0.0.1:80", false)]
    [InlineData("https://127.0.0.1", "127.0.0.1:443", true)]
    [InlineData("http://127.0.0.1:0", "127.0.0.1:0", false)]
    public void A_url_means_what_it_means_to_Kestrel(string url, string points, bool isHttps)
    {
        var address = ListenAddress.Parse(url);
        Assert.Equal((points, isHttps), (string.Join(' ', address.EndPoints), address.IsHttps));
    }

    [Theory]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://roster.example.com:8080")]
    public void A_name_means_every_address(string url) =>
        Assert.Equal([Socket.OSSupportsIPv6 ? "[::]:8080" : "0.0.0.0:8080"], ListenAddress.Parse(url).EndPoints.Select(point => point.ToString()));

    [Fact]
    public void A_socket_in_the_file_system_cannot_be_divided() => Assert.Equal(
        "http://unix:/run/roster.sock cannot be divided among workers: write an address such as http://127.0.0.1:8080.",
        Assert.Throws<SettingsException>(() => ListenAddress.Parse("http://unix:/run/roster.sock")).Message);

    [Theory]
    [InlineData(1, "[::1]:9464")]
    [InlineData(3, "[::1]:9466")]
    public void Workers_have_the_ports_behind_the_first(int worker, string point) =>
        Assert.Equal(point, Assert.Single(ListenAddress.Parse("https://[::1]:9464").Of(worker).EndPoints).ToString());

    [Fact]
    public void Ports_that_there_are_not_are_refused()
    {
        var last = ListenAddress.Parse("http://127.0.0.1:65534");
        Assert.Equal(65535, last.Of(2).EndPoints[0].Port);
        Assert.Equal(
            "http://127.0.0.1:65534 leaves no port for worker 3: ports end with 65535, so write a lower one.",
            Assert.Throws<SettingsException>(() => last.Of(3)).Message);
    }
}

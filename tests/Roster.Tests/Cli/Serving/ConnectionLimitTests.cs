using Roster.Cli.Serving;
using Xunit;

namespace Roster.Tests.Cli.Serving;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData(10_000, 20_000L, 15_000, 10_000)]
    [InlineData(15_000, 20_000L, 19_000, 15_000)]
    [InlineData(50_000, 20_000L, 19_000, 17_100)]
    [InlineData(10_000, 1_024L, 512, 461)]
    [InlineData(10_000, 1_048_576L, 15_000, 10_000)]
    [InlineData(1_000_000, null, 1_005_000, 1_000_000)]
    public void Connections_and_streams_leave_files_for_the_rest(int streams, long? files, int connections, int most)
    {
        var limit = ConnectionLimit.Of(streams, files);
        Assert.Equal((connections, most), (limit.Connections, limit.Streams));
    }
}

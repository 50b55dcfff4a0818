using Xunit;

namespace Roster.Tests.Redis;

public sealed class RedisMemoryTests(RedisLab lab)
{
    [Fact]
    public async Task A_connection_as_settings_make_it_may_ask_for_Rediss_memory()
    {
        var memory = await (await lab.CallsAsync()).MemoryAsync();
        Assert.True(memory is { UsedBytes: > 0 }, $"{memory}");
    }
}

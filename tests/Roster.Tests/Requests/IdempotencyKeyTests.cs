using Roster.Core.Requests;
using Xunit;

namespace Roster.Tests.Requests;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public void The_same_request_has_the_same_hashes() =>
        Assert.Equal(IdempotencyKey.Of("k", "POST", "/users", "{}"u8), IdempotencyKey.Of("k", "POST", "/users", "{}"u8));

    [Fact]
    public void Another_method_path_or_body_is_another_request_under_the_same_key()
    {
        var key = IdempotencyKey.Of("k", "POST", "/users", "{}"u8);
        Assert.All(
            [IdempotencyKey.Of("k", "PUT", "/users", "{}"u8), IdempotencyKey.Of("k", "POST", "/posts", "{}"u8), IdempotencyKey.Of("k", "POST", "/users", default)],
            other =>
            {
                Assert.Equal(key.KeyHash, other.KeyHash);
                Assert.NotEqual(key.RequestHash, other.RequestHash);
            });
        Assert.NotEqual(key.KeyHash, IdempotencyKey.Of("K", "POST", "/users", "{}"u8).KeyHash);
    }
}

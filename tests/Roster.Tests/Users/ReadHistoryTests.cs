using Roster.Core.Events;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

public sealed class ReadHistoryTests
{
    private readonly UseCases users = new();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task Pages_show_every_event_once_oldest_first(int limit)
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        for (var i = 0; i < 9; i++)
        {
            await users.RenameAsync(ada, $"Ada {i}");
        }

        List<long> seen = [];
        string? cursor = null;
        do
        {
            var result = await HistoryAsync(ada, limit, cursor);
            Assert.True(result is { Found: true, CursorFits: true });
            seen.AddRange(result.Page!.Items.Select(e => e.Sequence));
            cursor = result.Page.Next;
        }
        while (cursor is not null && seen.Count < 100);
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task A_cursor_of_another_user_or_list_does_not_fit()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var eve = await users.SignUpAsync("Eve", "eve@example.com");
        await users.RenameAsync(ada, "Ada L.");
        var cursor = (await HistoryAsync(ada, 1, null)).Page!.Next!;
        Assert.False((await HistoryAsync(eve, 1, cursor)).CursorFits);
        Assert.False((await HistoryAsync(ada, 1, "garbage")).CursorFits);
        Assert.False((await HistoryAsync(ada, 1, Cursor.Write($"history {ada.Id}", [1, 2, 3]))).CursorFits);
    }

    [Fact]
    public async Task Only_who_may_know_of_a_user_sees_its_history()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        Assert.False((await HistoryAsync(ada, 1, null, UseCases.Stranger)).Found);
        await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, null, UseCases.Cancellation);
        Assert.False((await HistoryAsync(ada, 9, null)).Found);
        Assert.IsType<UserDeleted>((await HistoryAsync(ada, 9, null, Caller.System)).Page!.Items[^1].What);
    }

    private ValueTask<PartPage<RecordedEvent>> HistoryAsync(User user, int limit, string? cursor, Caller? caller = null) =>
        users.History.HandleAsync(user.Id, limit, cursor, caller ?? UseCases.Key, ConsistencyToken.None, UseCases.Cancellation);
}

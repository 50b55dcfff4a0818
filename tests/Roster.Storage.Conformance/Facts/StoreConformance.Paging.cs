using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_visit_every_user_that_stays_exactly_once_while_others_come_and_go(bool byName)
    {
        List<User> stay = [];
        for (var i = 0; i < 24; i++)
        {
            stay.Add(await RegisterAsync($"{(byName ? "Name" : "Other")} {i % 4}"));
        }

        byte[]? prefix = byName ? FoldedName.Of("name") : null;
        var order = byName ? InNameOrder(stay).ToList() : [.. stay.OrderBy(u => u.Id)];
        List<User> visitors = [];
        List<UserId> seen = [];
        UserListKey? after = null;
        while (true)
        {
            var page = await ListAsync(limit: 5, prefix: prefix, after: after);
            seen.AddRange(page.Select(u => u.Id));
            if (page.Count == 0)
            {
                break;
            }

            after = new UserListKey(page[^1].Id, byName ? FoldedName.Of(page[^1].Name) : default);
            foreach (var visitor in visitors)
            {
                await CommitAsync(Changes.Delete(visitor));
            }

            // Beside the first, the last seen and the last of those that stay: behind, at the cursor, and ahead.
            visitors.Clear();
            foreach (var beside in seen.Count < 40 ? new[] { order[0], page[^1], order[^1] } : [])
            {
                var email = EmailIn(beside.Id.Bucket);
                var time = beside.CreatedAt.ToUnixTimeMilliseconds();
                var id = new UserId(IdLayout.Compose(time, beside.Id.Bucket, (ulong)strangers));
                visitors.Add(await CommitAsync(Changes.Register(beside.Name, email, id: id)));
            }

            Assert.True(seen.Count < 200, "The pages do not end.");
        }

        Assert.Equal(order.Select(u => u.Id), seen.Where(id => stay.Exists(u => u.Id == id)));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }
}

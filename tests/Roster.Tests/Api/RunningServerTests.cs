using Xunit;

namespace Roster.Tests.Api;

public sealed class RunningServerTests
{
    [Fact]
    public async Task A_server_signs_a_user_up_and_leaves_no_folder_behind()
    {
        string folder;
        await using (var server = await RunningServer.StartAsync())
        {
            folder = server.Folder;
            var made = await server.Admin.SignUpAsync();
            (await server.Admin.GetAsync($"/users/{made.Id}")).Is(200);
            (await server.Nobody.GetAsync($"/users/{made.Id}")).IsProblem(401, "unauthenticated");
        }

        Assert.False(Directory.Exists(folder));
    }
}

using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>Puts a user's state rows in place of what lies there; for the writer's thread.</summary>
internal sealed class Restoring(SqliteDatabase database, ShardLife life)
{
    private readonly StateWrites states = new(database);
    private readonly ClaimWrites taking = new(database);
    private readonly SqliteStatement removeUser = database.Prepare("DELETE FROM users WHERE id = ?1");
    private readonly SqliteStatement removePosts = database.Prepare("DELETE FROM posts WHERE user_id = ?1");
    private readonly SqliteStatement removeClaims = database.Prepare("DELETE FROM claims WHERE user_id = ?1");

    /// <summary>Replaces the rows in one transaction; a claim that another user's row holds wrongly is taken over.</summary>
    public void Run(UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims)
    {
        database.Execute("BEGIN IMMEDIATE");
        removeUser.Bind(1, user.Value).Run();
        removePosts.Bind(1, user.Value).Run();
        removeClaims.Bind(1, user.Value).Run();
        if (state is not null)
        {
            states.Write(state, FoldedName.Of(state.Name), isNew: true);
        }

        foreach (var post in posts)
        {
            states.Write(new PostWrite(post.Id, post));
        }

        foreach (var claim in claims)
        {
            taking.Write(new ClaimWrite(claim, Take: true), user, fence: 0);
        }

        life.Commit(database, life.OutboxHead);
    }
}

using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>Writes of what is true now: users, their intents, posts. For the writer's thread, inside its transaction.</summary>
internal sealed class StateWrites(SqliteDatabase database)
{
    private readonly SqliteStatement insertUser = database.Prepare("""
        INSERT INTO users (id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                           created_at, updated_at, last_event_at, deleted_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """);

    private readonly SqliteStatement updateUser = database.Prepare("""
        UPDATE users SET tenant = ?2, sequence = ?3, version = ?4, status = ?5, name = ?6, folded_name = ?7, email = ?8,
                         email_key = ?9, attributes = ?10, created_at = ?11, updated_at = ?12, last_event_at = ?13,
                         deleted_at = ?14
        WHERE id = ?1
        """);

    // A post moves only its author's stream: leaving the indexed columns alone spares two indexes.
    private readonly SqliteStatement moveUser = database.Prepare(
        "UPDATE users SET sequence = ?2, last_event_at = ?3 WHERE id = ?1");

    private readonly SqliteStatement putPost = database.Prepare("""
        INSERT INTO posts (id, user_id, tenant, text, version, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (id) DO UPDATE SET user_id = ?2, tenant = ?3, text = ?4, version = ?5, created_at = ?6, updated_at = ?7
        """);

    private readonly SqliteStatement removePost = database.Prepare("DELETE FROM posts WHERE id = ?1");

    private readonly SqliteStatement removeLater = database.Prepare(
        "INSERT INTO deleted_authors (user_id) VALUES (?1) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement putIntent = database.Prepare(
        "UPDATE users SET intent_id = ?2, intent = ?3, fence = max(fence, ?4) WHERE id = ?1");

    /// <summary>Writes a change's state, intent and posts.</summary>
    public void Write(in PreparedChange prepared)
    {
        var change = prepared.Change;
        if (change.Next is { } next)
        {
            if (change.ExpectedSequence > 0 && prepared.OnlyPosts)
            {
                moveUser.Bind(1, next.Id.Value).Bind(2, next.Sequence)
                    .Bind(3, Timestamps.ToMicroseconds(next.LastEventAt)).Run();
            }
            else
            {
                Write(next, prepared.FoldedName, change.ExpectedSequence == 0);
            }

            if (!next.Exists)
            {
                removeLater.Bind(1, next.Id.Value).Run();
            }
        }

        foreach (var post in change.Posts)
        {
            Write(post);
        }

        if (change.ExpectedIntent is not null || change.Intent is not null)
        {
            Write(change.User, change.Intent);
        }
    }

    /// <summary>Writes a user's row.</summary>
    public void Write(User user, ReadOnlySpan<byte> foldedName, bool isNew) =>
        (isNew ? insertUser : updateUser)
            .Bind(1, user.Id.Value)
            .Bind(2, user.Tenant.Value)
            .Bind(3, user.Sequence)
            .Bind(4, user.Version)
            .Bind(5, (long)user.Status)
            .Bind(6, user.Name)
            .Bind(7, foldedName)
            .Bind(8, user.Email)
            .Bind(9, user.EmailKey)
            .Bind(10, user.Attributes.Json)
            .Bind(11, Timestamps.ToMicroseconds(user.CreatedAt))
            .Bind(12, Timestamps.ToMicroseconds(user.UpdatedAt))
            .Bind(13, Timestamps.ToMicroseconds(user.LastEventAt))
            .Bind(14, user.DeletedAt is { } at ? Timestamps.ToMicroseconds(at) : (long?)null)
            .Run();

    /// <summary>Writes or removes a post's row.</summary>
    public void Write(PostWrite write)
    {
        if (write.Next is not { } post)
        {
            removePost.Bind(1, write.Id.Value).Run();
            return;
        }

        putPost.Bind(1, post.Id.Value)
            .Bind(2, post.User.Value)
            .Bind(3, post.Tenant.Value)
            .Bind(4, post.Text)
            .Bind(5, post.Version)
            .Bind(6, Timestamps.ToMicroseconds(post.CreatedAt))
            .Bind(7, Timestamps.ToMicroseconds(post.UpdatedAt))
            .Run();
    }

    private void Write(UserId user, Intent? intent) =>
        putIntent.Bind(1, user.Value)
            .Bind(2, intent?.Id)
            .BindOrNull(3, intent is null ? default : IntentJson.Encode(intent))
            .Bind(4, intent?.Fence ?? 0)
            .Run();
}

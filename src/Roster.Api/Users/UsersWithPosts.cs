using System.Buffers;
using System.Text;
using Roster.Api.Http;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>The answer of <c>GET /users?include=posts</c>: each user with <c>posts</c> and <c>postsNext</c>, spliced from ready bodies.</summary>
internal static class UsersWithPosts
{
    /// <summary>UTF-8 JSON.</summary>
    /// <param name="users">The users.</param>
    /// <param name="posts">The first page of each one's posts, in the same order.</param>
    public static ReadOnlyMemory<byte> Encode(IReadOnlyList<Read<User>> users, IReadOnlyList<Page<Read<Post>>> posts)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var separator = (byte)'[';
        for (var i = 0; i < users.Count; i++)
        {
            buffer.Write([separator]);
            Write(buffer, users[i], posts[i]);
            separator = (byte)',';
        }

        buffer.Write(users.Count > 0 ? "]"u8 : "[]"u8);
        return buffer.WrittenMemory;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, Read<User> user, Page<Read<Post>> posts)
    {
        // A body is an object, so it goes on where its last brace stood.
        buffer.Write(user.Body.Span[..^1]);
        buffer.Write(",\"posts\":"u8);
        buffer.WriteArray(posts.Items.Select(post => post.Body));
        buffer.Write(",\"postsNext\":"u8);
        if (posts.Next is null)
        {
            buffer.Write("null"u8);
        }
        else
        {
            // Ids and base64url hold nothing that JSON would escape.
            buffer.Write("\""u8);
            Encoding.UTF8.GetBytes(NextLink.To($"/users/{user.State.Id}/posts", posts.Next), buffer);
            buffer.Write("\""u8);
        }

        buffer.Write("}"u8);
    }
}

using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>How states become UTF-8 JSON bodies; the API gives it to the stores, which know no wire format.</summary>
/// <param name="User">A user's body.</param>
/// <param name="Post">A post's body.</param>
public sealed record StateEncoders(Func<User, ReadOnlyMemory<byte>> User, Func<Post, ReadOnlyMemory<byte>> Post);

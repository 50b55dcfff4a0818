using System.Text;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Building;

/// <summary>Gives a change an idempotency record, as a use case would.</summary>
public static class Idempotent
{
    /// <summary>Who sends the suite's requests.</summary>
    public const string Principal = "key:suite";

    /// <summary>The hash of a key.</summary>
    public static Hash256 KeyOf(string key) => Hash256.Of(Encoding.UTF8.GetBytes(key));

    /// <summary>The same change with a record of its outcome under this key.</summary>
    public static Change WithKey(this Change change, string key, string principal = Principal) => change with
    {
        Idempotency = new IdempotencyRecord
        {
            Principal = principal,
            KeyHash = KeyOf(key),
            RequestHash = KeyOf("request " + key),
            User = change.User,
            Post = change.Events.Select(e => e.What).OfType<PostEvent>().FirstOrDefault()?.Post,
            Version = change.Events.Count > 0 ? change.Events[^1].Version : 1,
            Status = change.ExpectedSequence == 0 ? 201 : 200,
            At = change.Events.Count > 0 ? change.Events[0].At : Changes.Start,
        },
    };
}

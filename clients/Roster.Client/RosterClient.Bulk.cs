using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Roster.Client;

/// <content>All users in, all users out.</content>
public sealed partial class RosterClient
{
    /// <summary>
    /// Registers many users: streamed in chunks, answered one by one and in order. Goes on behind the last answer when a
    /// server goes away; sending a user again is safe, as its e-mail is the key, and is answered <c>exists</c>.
    /// </summary>
    /// <param name="users">Whom; taken as fast as they are answered.</param>
    /// <param name="sendMail">Whether they get the mail that those get who sign up themselves.</param>
    /// <param name="cancellation">Stops it; what was answered stays.</param>
    public async IAsyncEnumerable<ImportedLine> ImportUsersAsync(
        IAsyncEnumerable<NewUser> users, bool sendMail = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var import = new Import(sender, sendMail);
        var chunk = new ImportChunk();
        await foreach (var user in users.WithCancellation(cancellation))
        {
            chunk.Add(user);
            if (chunk.IsFull)
            {
                await foreach (var line in import.SendAsync(chunk, cancellation))
                {
                    yield return line;
                }

                chunk = chunk.Next();
            }
        }

        await foreach (var line in import.SendAsync(chunk, cancellation))
        {
            yield return line;
        }
    }

    /// <summary>Every user, streamed. What breaks off in the middle throws: then begin again.</summary>
    public async IAsyncEnumerable<User> ExportUsersAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var response = await sender.SendAsync(ApiRequest.Read("/users/export").Streamed(), cancellation);
        await foreach (var line in ResponseLines.ReadAsync(response, sender.Options.AttemptTimeout, cancellation))
        {
            yield return JsonSerializer.Deserialize(line.Span, RosterJson.Default.User)!;
        }
    }
}

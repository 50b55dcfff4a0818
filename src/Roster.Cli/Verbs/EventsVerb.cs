using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Roster.Cli.Remote;
using Roster.Client;

namespace Roster.Cli.Verbs;

/// <summary><c>roster events</c>: what consumers could not do, over HTTP.</summary>
internal static class EventsVerb
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private static readonly Option<string?> Consumer = new("--consumer") { Description = "Only this consumer's, such as sign-up-mail", HelpName = "NAME" };
    private static readonly Option<Guid?> User = new("--user") { Description = "Only this user's", HelpName = "ID" };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object per line, for programs" };

    public static Command Create() => new("events", "Shows events that consumers could not handle, and has them tried again") { Parked(), Retry() };

    private static Command Parked()
    {
        var verb = new Command("parked", "Lists them by consumer, user and sequence, with their reasons") { Consumer, User, Json };
        return WithServer(verb, async (client, parsed, cancellation) =>
        {
            var user = parsed.GetValue(User);
            var count = 0;
            await foreach (var parked in client.ListParkedEventsAsync(parsed.GetValue(Consumer), pageSize: 500, cancellation))
            {
                if (user is null || parked.UserId == user)
                {
                    count++;
                    Console.WriteLine(parsed.GetValue(Json) ? JsonSerializer.Serialize(parked, ParkedLineJson.Default.ParkedEvent) : LineOf(parked));
                }
            }

            if (count == 0 && !parsed.GetValue(Json))
            {
                Console.WriteLine("Nothing is parked.");
            }

            return count;
        });
    }

    private static Command Retry()
    {
        var consumer = new Option<string>("--consumer") { Description = "Whose", HelpName = "NAME", Required = true };
        var verb = new Command("retry", "Has them tried again at once, in each user's order") { consumer, User, Json };
        return WithServer(verb, async (client, parsed, cancellation) =>
        {
            var retried = await client.RetryParkedEventsAsync(new ParkedRetry(parsed.GetValue(consumer)!, parsed.GetValue(User)), cancellation);
            Console.WriteLine(parsed.GetValue(Json)
                ? JsonSerializer.Serialize(retried, ParkedLineJson.Default.RetriedUsers)
                : $"Events of {Counted.Of(retried.Users, "user")} are tried again.");
            return retried.Users;
        });
    }

    private static Command WithServer(Command verb, Func<RosterClient, ParseResult, CancellationToken, Task<int>> run)
    {
        verb.Options.Add(ServerOptions.Url);
        verb.Options.Add(ServerOptions.Key);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var server = ServerOptions.Read(parsed);
            using var client = server.Open(new RosterClientOptions { Patience = TimeSpan.Zero });
            await Answers.AskAsync(server, () => run(client, parsed, cancellation));
            return 0;
        });
        return verb;
    }

    private static string LineOf(ParkedEvent parked)
    {
        var next = parked.NextAttempt is { } at ? $"tried again at {at.UtcDateTime.ToString(TimeFormat)}" : parked.Attempts == 0 ? "waits" : "waits for you";
        return $"{parked.Consumer}  {parked.UserId}  {parked.Sequence}  {parked.Event.Type}  {Counted.Of(parked.Attempts, "attempt")}, {next}  {parked.Reason}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParkedEvent))]
[JsonSerializable(typeof(RetriedUsers))]
internal sealed partial class ParkedLineJson : JsonSerializerContext;

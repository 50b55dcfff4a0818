using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Cli.Working;

namespace Roster.Cli.Verbs;

/// <summary><c>roster work</c>: the relay and the consumers, beside nodes that serve.</summary>
internal static class WorkVerb
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where /livez, /readyz and /metrics are open to everybody (default: nowhere); several separated by ;",
        HelpName = "URL",
    };

    public static Command Create()
    {
        var verb = new Command("work", "Publishes events and runs what happens because of them; start as many as you like") { Urls };
        verb.SetAction(async (parsed, cancellation) => await RunAsync(parsed.GetValue(Urls), cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(string? urls, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var settings = RosterSettings.Read(builder.Configuration, urls, data: null);
        if (settings.Postgres is null)
        {
            throw new SettingsException("The embedded store belongs to one process, and roster serve does this work itself: there is nothing to start.");
        }

        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        await using var app = Worker.Build(builder, settings, storage, listens: urls is not null);
        await app.StartWholeAsync(cancellation);
        Console.WriteLine($"Roster {ProgramVersion.Text} works on {Counted.Of(storage.Store.Shards.Count, "shard")}{(urls is null ? string.Empty : $", and shows its health at {app.Urls.First()}")}.");
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }
}

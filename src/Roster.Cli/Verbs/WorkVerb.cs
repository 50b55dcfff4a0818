using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Cli.Working;

namespace Roster.Cli.Verbs;

/// <summary><c>roster work</c>: what happens because of events, such as mails, apart from the API.</summary>
internal static class WorkVerb
{
    public static Command Create()
    {
        var verb = new Command("work", "Does what events lead to, such as mails; any number of processes share it");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder();
        var settings = RosterSettings.Read(builder.Configuration, urls: null, data: null);
        if (settings.Postgres is null)
        {
            throw new SettingsException("The embedded store belongs to one process, and roster serve does this work in it: start roster serve.");
        }

        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        Server.ConfigureLogging(builder.Logging);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(settings).AddSingleton(storage).AddHostedService<EventWorker>();
        using var host = builder.Build();
        await host.StartAsync(cancellation);
        Console.WriteLine($"Roster {ProgramVersion.Text} works on {settings.Postgres.Shards.Count} shard{(settings.Postgres.Shards.Count == 1 ? string.Empty : "s")}");
        await host.WaitForShutdownAsync(cancellation);
        return 0;
    }
}

using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster serve</c>: the API.</summary>
internal static class ServeVerb
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen (default http://127.0.0.1:8080); several separated by ;",
        HelpName = "URL",
    };

    public static Command Create()
    {
        var workers = new Option<int?>("--workers") { Description = "Processes on one port (not built yet)", Hidden = true };
        var verb = new Command("serve", "Serves the API; with the embedded store nothing else is needed") { Urls, DataOption.Data, workers };
        verb.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(workers) is > 1)
            {
                throw new SettingsException("--workers is not built yet: leave it out.");
            }

            return await RunAsync(parsed.GetValue(Urls), parsed.GetValue(DataOption.Data), cancellation);
        });
        return verb;
    }

    private static async Task<int> RunAsync(string? urls, string? data, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var settings = RosterSettings.Read(builder.Configuration, urls, data);
        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        var firstStart = settings.Postgres is null
            && await AdminKeyFile.EnsureAsync(settings.DataFolder, storage.Control, TimeProvider.System, cancellation);
        await using var app = Server.Build(builder, settings, storage);
        await app.StartAsync(cancellation);
        Console.WriteLine(settings.Postgres is { } postgres
            ? Banner.Of(
                ProgramVersion.Text,
                app.Urls.First(),
                postgres,
                hasKey: settings.Auth.AdminKeyHash is not null || (await storage.Control.KeysAsync(cancellation)).Count > 0,
                await storage.Store.CheckAsync(cancellation))
            : Banner.Of(ProgramVersion.Text, app.Urls.First(), settings.DataFolder, File.Exists(Path.Combine(settings.DataFolder, AdminKeyFile.Name)), firstStart));
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }
}

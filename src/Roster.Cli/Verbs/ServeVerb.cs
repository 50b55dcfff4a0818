using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Cli.Workers;

namespace Roster.Cli.Verbs;

/// <summary><c>roster serve</c>: the API.</summary>
internal static class ServeVerb
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen (default http://127.0.0.1:8080); several separated by ;",
        HelpName = "URL",
    };

    private static readonly Option<string?> Workers = new("--workers")
    {
        Description = "Processes that share the port, each restarted when it dies; auto is one a processor (PostgreSQL only)",
        HelpName = "N",
    };

    private static readonly Option<int?> Worker = new("--worker") { Hidden = true };
    private static readonly Option<string?> Sockets = new("--sockets") { Hidden = true };

    public static Command Create()
    {
        var verb = new Command("serve", "Serves the API; with the embedded store nothing else is needed") { Urls, DataOption.Data, Workers, Worker, Sockets };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var data = parsed.GetValue(DataOption.Data);
            var builder = WebApplication.CreateSlimBuilder();
            var settings = RosterSettings.Read(builder.Configuration, parsed.GetValue(Urls), data);
            if (WorkerCount.Parse(parsed.GetValue(Workers)) is { } workers)
            {
                WorkerCount.Check(settings, hasEndpoints: builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any());
                await Supervisor.RunAsync(workers, new WorkerProgram(settings, data, Supervisor.Tell), cancellation);
                return 0;
            }

            if (settings.Postgres is not null)
            {
                // The embedded store reads its files on the thread that asks; a server's database is asked over a socket.
                InlineSockets.TurnOn();
            }

            return InheritedSockets.Parse(parsed.GetValue(Worker), parsed.GetValue(Sockets)) is { } inherited
                ? await RunWorkerAsync(builder, settings, inherited, cancellation)
                : await RunAsync(builder, settings, cancellation);
        });
        return verb;
    }

    private static async Task<int> RunAsync(WebApplicationBuilder builder, RosterSettings settings, CancellationToken cancellation)
    {
        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        var firstStart = settings.Postgres is null
            && await AdminKeyFile.EnsureAsync(settings.DataFolder, storage.Control, TimeProvider.System, cancellation);
        await using var app = Server.Build(builder, settings, storage, inherited: null);
        await app.StartWholeAsync(cancellation);
        Console.WriteLine(settings.Postgres is { } postgres
            ? Banner.Of(
                ProgramVersion.Text,
                app.Urls.First(),
                postgres,
                hasKey: await HasKeyAsync(settings, storage, cancellation),
                await storage.Store.CheckAsync(cancellation))
            : Banner.Of(ProgramVersion.Text, app.Urls.First(), settings.DataFolder, File.Exists(Path.Combine(settings.DataFolder, AdminKeyFile.Name)), firstStart));
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>Standard output goes to the supervisor, which shows it; the first worker says what is said once.</summary>
    private static async Task<int> RunWorkerAsync(WebApplicationBuilder builder, RosterSettings settings, InheritedSockets inherited, CancellationToken cancellation)
    {
        SupervisorWatch.LeaveGroup();
        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        if (inherited.Number == 0)
        {
            await Rehearsal.RunAsync(settings, storage, cancellation);
        }

        if ((inherited.Number > 0 ? inherited : await inherited.AssignedAsync(cancellation)) is not { } own)
        {
            return 0;
        }

        await using var app = Server.Build(builder, own.Of(settings), storage, own);
        await app.StartWholeAsync(cancellation);
        if (inherited.Number == 1)
        {
            var troubles = await storage.Store.CheckAsync(cancellation);
            Banner.Remarks(await HasKeyAsync(settings, storage, cancellation), troubles).ToList().ForEach(Console.WriteLine);
        }

        Console.WriteLine(WorkerProcess.ReadyLine);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static async ValueTask<bool> HasKeyAsync(RosterSettings settings, OpenedStorage storage, CancellationToken cancellation) =>
        settings.Auth.AdminKeyHash is not null || (await storage.Control.KeysAsync(cancellation)).Count > 0;
}

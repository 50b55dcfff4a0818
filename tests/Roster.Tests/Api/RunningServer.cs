using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Api;

/// <summary>
/// The whole application as <c>roster serve</c> puts it together: real settings, SQLite in a folder of its own, Kestrel
/// on a free port, the key of the first start. A class fixture, or started by hand when a test wants other settings.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    /// <summary>All tests share an address, and many send credentials that are wrong.</summary>
    private static readonly KeyValuePair<string, string?>[] Standards = [new("Roster:Auth:FailuresPerMinute", "1000000")];

    private readonly (string Key, string Value)[] settings;
    private Func<IStore, IStore> decorate = store => store;
    private Func<RosterSettings, RosterSettings> tune = settings => settings;
    private Action<KestrelServerOptions> limit = _ => { };
    private TestedShards shards = TestedShards.Standard;
    private OpenedStorage? storage;
    private WebApplication? app;

    public RunningServer()
        : this([])
    {
    }

    private RunningServer((string Key, string Value)[] settings) => this.settings = settings;

    /// <summary>Where users are kept; deleted in the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("roster-api-").FullName;

    /// <summary>Where it listens, without a path.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Where metrics are open; null when they have no listener of their own.</summary>
    public Uri? MetricsUrl { get; private set; }

    /// <summary>The key that the first start wrote to <c>admin.key</c>.</summary>
    public string AdminKey { get; private set; } = string.Empty;

    /// <summary>A client with the administrator's key.</summary>
    public ApiClient Admin { get; private set; } = null!;

    /// <summary>A client that sends no key.</summary>
    public ApiClient Nobody { get; private set; } = null!;

    /// <summary>What the application is made of.</summary>
    public IServiceProvider Services => app!.Services;

    /// <summary>Starts one with settings such as <c>("Roster:Auth:AnonymousScopes", "users:read")</c>.</summary>
    public static Task<RunningServer> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(new RunningServer(settings));

    /// <summary>Starts one whose store is decorated.</summary>
    public static Task<RunningServer> StartAsync(Func<IStore, IStore> decorate) =>
        StartAsync(new RunningServer([]) { decorate = decorate });

    /// <summary>Starts one whose settings are changed after they were read: intervals that are no settings, made short.</summary>
    public static Task<RunningServer> StartAsync(Func<RosterSettings, RosterSettings> tune, params (string Key, string Value)[] settings) =>
        StartAsync(new RunningServer(settings) { tune = tune });

    /// <summary>Starts one on other addresses, with a web server whose limits are changed after ours were set.</summary>
    public static Task<RunningServer> StartAsync(Action<KestrelServerOptions> limit, params string[] urls) =>
        StartAsync(new RunningServer([]) { limit = limit, tune = settings => settings with { Urls = urls } });

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        shards = await TestedShards.MakeAsync(Folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Logging:Console:LogLevel:Default"] = "Critical";
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Standards)
            .AddInMemoryCollection(shards.Settings.Concat(settings).Select(set => KeyValuePair.Create(set.Key, (string?)set.Value)))
            .Build();
        var read = tune(RosterSettings.Read(configuration, "http://127.0.0.1:0", Folder));
        storage = await OpenedStorage.OpenAsync(read, CancellationToken.None);
        storage = storage with { Store = decorate(storage.Store) };
        await AdminKeyFile.EnsureAsync(Folder, storage.Control, TimeProvider.System, CancellationToken.None);
        builder.Services.PostConfigure(limit);
        app = Server.Build(builder, read, storage, inherited: null);
        await app.StartAsync();
        Url = new Uri(app.Urls.First());
        MetricsUrl = app.Urls.Skip(1).Select(url => new Uri(url)).FirstOrDefault();
        AdminKey = (await File.ReadAllTextAsync(Path.Combine(Folder, AdminKeyFile.Name))).Trim();
        Admin = With(AdminKey);
        Nobody = With(null);
    }

    /// <summary>A client with any key, or none.</summary>
    public ApiClient With(string? key) => new(Url, key);

    /// <summary>A client with a new key of these scopes.</summary>
    public async Task<ApiClient> WithScopesAsync(params string[] scopes) => With((await NewKeyAsync(scopes)).Secret);

    /// <summary>A new key of these scopes: its id, and the secret that is shown once.</summary>
    public async Task<(string Id, string Secret)> NewKeyAsync(params string[] scopes)
    {
        var list = string.Join(", ", scopes.Select(scope => $"\"{scope}\""));
        var made = await Admin.PostAsync("/keys", $$"""{ "name": "a test's key", "scopes": [{{list}}] }""");
        made.Is(201);
        return (made.Text("id"), made.Text("secret"));
    }

    /// <summary>A new e-mail in the shard of a user: across shards a used key is found as far as can be.</summary>
    public async Task<string> EmailBesideAsync(Answer user)
    {
        while (true)
        {
            var other = await Admin.SignUpAsync(email: ApiClient.NewEmail());
            if (ShardOf(other) == ShardOf(user))
            {
                await Admin.DeleteAsync($"/users/{other.Id}");
                return other.Text("email");
            }
        }
    }

    private ShardId ShardOf(Answer user) => storage!.Map.Owners[new UserId(Guid.Parse(user.Id)).Bucket.Value];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (storage is not null)
        {
            await storage.DisposeAsync();
        }

        await shards.DropAsync();
        Admin?.Dispose();
        Nobody?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<RunningServer> StartAsync(RunningServer server)
    {
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}

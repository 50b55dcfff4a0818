using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Api;
using Roster.Api.Auth;
using Roster.Api.Cors;
using Roster.Api.Metrics;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Storage.Sqlite;

// The same API on an engine that acknowledges before the disk has anything. It exists so that the test which reads
// system calls can be seen to fail; nothing outside tests can open an engine like this.
if (args is not [var level, "serve", "--urls", var url, "--data", var folder] || !Enum.TryParse<SyncLevel>(level, out var sync))
{
    Console.Error.WriteLine("Usage: Off|Normal|Full serve --urls URL --data DIR");
    return 2;
}

await using var store = await SqliteStore.OpenAsync(
    new SqliteOptions { Folder = folder, Sync = sync }, RosterApi.Encoders, CancellationToken.None);
var (_, _, token) = KeyToken.Create();
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(url);
builder.Services.AddRosterApi(
    store,
    store.Control,
    store.Progress,
    new Placement(new byte[Placement.SecretLength]),
    new AuthOptions { AdminKeyHash = KeyToken.HashOf(token.AsSpan()) },
    new MetricsOptions([]),
    new CrossOrigins([]));
await File.WriteAllTextAsync(Path.Combine(folder, "admin.key"), token);
await builder.Build().UseRosterApi().RunAsync();
return 0;

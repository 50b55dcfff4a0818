using Roster.Cli.Bench.Load;
using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench.Requests;

/// <summary>Where the users come from that requests name.</summary>
/// <param name="File">A file of ids, one a line, with e-mails behind commas; null for none.</param>
/// <param name="Listed">How many to take from the server's own list; null for none.</param>
/// <param name="Created">Without either: how many to register first.</param>
internal sealed record TargetSource(string? File, int? Listed, int Created)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What is going on meanwhile.</summary>
    public string Doing => File is not null ? $"reading {File}" : Listed is { } count ? $"listing {count:N0} users" : $"registering {Created:N0} users";

    /// <summary>The targets, in an order that has nothing to do with when they were made: the most popular are not neighbours.</summary>
    public async Task<List<Target>> GatherAsync(BenchSettings settings, Dialer dialer, RequestWriter writer, CancellationToken cancellation)
    {
        var targets = File is not null ? await ReadAsync(File, cancellation)
            : Listed is { } count ? await ListAsync(settings, count, cancellation)
            : await CreateAsync(settings, dialer, writer, cancellation);
        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(targets));
        return targets;
    }

    private static async Task<List<Target>> ReadAsync(string file, CancellationToken cancellation)
    {
        List<Target> targets = [];
        var number = 0;
        await foreach (var line in System.IO.File.ReadLinesAsync(file, cancellation))
        {
            number++;
            try
            {
                targets.AddRange(Target.Parse(line) is { } target ? [target] : []);
            }
            catch (FormatException e)
            {
                throw new VerbException($"{file}, line {number}: {e.Message}.", inner: e);
            }
        }

        return targets.Count > 0 ? targets : throw new VerbException($"{file} has no ids.");
    }

    private static async Task<List<Target>> ListAsync(BenchSettings settings, int count, CancellationToken cancellation)
    {
        using var client = settings.Server.Open(new Client.RosterClientOptions());
        List<Target> targets = [];
        await foreach (var user in client.ListUsersAsync(pageSize: 500, cancellation: cancellation))
        {
            targets.Add(new Target(user.Id.ToString(), Uri.EscapeDataString(user.Email)));
            if (targets.Count == count)
            {
                break;
            }
        }

        return targets.Count > 0 ? targets : throw new VerbException("The server has no users to list: --users registers some.");
    }

    private async Task<List<Target>> CreateAsync(BenchSettings settings, Dialer dialer, RequestWriter writer, CancellationToken cancellation)
    {
        List<Target> targets = [];
        var mix = Mix.Of(Operation.Create);
        var result = new BenchResult(mix.Operations);
        var loop = new ClosedLoop(dialer, Math.Min(settings.Connections, 64), mix, writer)
        {
            Succeeded = body =>
            {
                lock (targets)
                {
                    targets.AddRange(Target.Of(body.Span) is { } target ? [target] : []);
                }
            },
        };
        await loop.RunAsync(TimeSpan.Zero, Patience, Created, result, cancellation);
        return targets.Count > 0
            ? targets
            : throw new VerbException($"No user could be registered to read ({string.Join(", ", result.All.Errors.Keys)}): is the key right?");
    }
}

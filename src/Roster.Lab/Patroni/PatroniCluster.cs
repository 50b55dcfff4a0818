using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Roster.Lab.Patroni;

/// <summary>The members of one shard under Patroni: one leads, the others follow, and take over when it is gone.</summary>
public sealed class PatroniCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<PatroniMember> members = [];

    /// <summary>All of them; the first led at first.</summary>
    public IReadOnlyList<PatroniMember> Members => members;

    /// <summary>Starts one in temporary folders, and waits until all follow.</summary>
    /// <inheritdoc cref="StartInAsync"/>
    public static Task<PatroniCluster> StartAsync(string scope, int count, EtcdServer etcd, PatroniOptions options) =>
        StartInAsync(_ => Directory.CreateTempSubdirectory("roster-patroni-").FullName, scope, count, etcd, options);

    /// <summary>Starts one, and waits until all follow.</summary>
    /// <param name="folder">Gives each member, by its number, an empty folder, which goes with it.</param>
    /// <param name="scope">Its name, unique in the etcd.</param>
    /// <param name="count">How many members.</param>
    /// <param name="etcd">Where it keeps who leads.</param>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="LabException">Something is not installed, or did not start.</exception>
    public static async Task<PatroniCluster> StartInAsync(
        Func<int, string> folder, string scope, int count, EtcdServer etcd, PatroniOptions options)
    {
        var cluster = new PatroniCluster();
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        try
        {
            for (var i = 0; i < count; i++)
            {
                cluster.members.Add(await PatroniMember.StartInAsync(
                    folder(i), string.Create(CultureInfo.InvariantCulture, $"member{i + 1}"), scope, etcd, password, options));
                if (i == 0)
                {
                    await cluster.UntilAsync(view => view.Leader is not null);
                }
            }

            await cluster.CompleteAsync(options.Synchronous);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who leads, as its own Patroni says; null when nobody does.</summary>
    public async Task<PatroniMember?> LeaderAsync()
    {
        foreach (var member in members.ToArray())
        {
            if (await LoopbackHttp.IsOkAsync(At(member, "primary"), CancellationToken.None))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Waits until one member leads, and all others follow it.</summary>
    /// <param name="synchronous">Whether one of them has to have every commit.</param>
    /// <exception cref="LabException">It takes too long.</exception>
    public Task CompleteAsync(bool synchronous) => UntilAsync(view =>
        view.Leader is not null && view.Following.Count == members.Count - 1 && (!synchronous || members.Count == 1 || view.Synchronous.Count > 0));

    /// <summary>Lets another lead, as planned (<c>patronictl switchover</c>).</summary>
    /// <param name="to">The one that shall lead; it has to have every commit.</param>
    /// <exception cref="LabException">Patroni refuses; the message says why.</exception>
    public async Task SwitchOverAsync(PatroniMember to)
    {
        var leader = await LeaderAsync() ?? throw new LabException($"Nobody leads {to.Scope}.");
        await LabCommand.RunAsync([
            .. PostgresAccount.Prefix, "patronictl", "-c", leader.SettingsFile, "switchover", to.Scope,
            "--master", leader.Name, "--candidate", to.Name, "--force"]);
    }

    /// <summary>What the members know of each other; null when none answers.</summary>
    public async Task<PatroniView?> ViewAsync()
    {
        foreach (var member in members)
        {
            if (await LoopbackHttp.GetAsync(At(member, "cluster")) is { } answer)
            {
                return PatroniView.Of(answer);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
    }

    private async Task UntilAsync(Func<PatroniView, bool> holds)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            var view = await ViewAsync();
            if (view is not null && holds(view))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new LabException($"The members did not come together: {view}. {string.Join('\n', members.Select(member => File.ReadLines(member.LogFile).LastOrDefault()))}");
            }
        }
    }

    private static Uri At(PatroniMember member, string path) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{member.RestPort}/{path}"));
}

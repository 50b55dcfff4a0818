namespace Roster.Cli.Bench;

/// <summary>A run from its preparation to its result.</summary>
internal sealed class BenchRun(BenchSettings settings)
{
    /// <summary>What is measured, while it is.</summary>
    public BenchResult Result { get; } = new();

    /// <summary>What is going on, for a person who watches.</summary>
    public string Phase { get; private set; } = "connecting";

    /// <summary>Runs it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var dialer = await Dialer.ToAsync(settings.Server.Url, settings.AllowRemote, cancellation);
        await CheckReachableAsync(dialer, cancellation);
        var mix = new RequestMix(settings.Server);
        if (settings.Mix == "get")
        {
            await GatherIdsAsync(dialer, mix, cancellation);
        }

        Phase = settings.Mix;
        var loop = new ClosedLoop(dialer, settings.Connections, settings.Mix == "get" ? mix.Get : mix.Create);
        await loop.RunAsync(settings.Warmup, settings.Duration, settings.Requests, Result, cancellation);
    }

    private async Task CheckReachableAsync(Dialer dialer, CancellationToken cancellation)
    {
        try
        {
            (await dialer.ConnectAsync(cancellation)).Dispose();
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException
            or System.Security.Authentication.AuthenticationException)
        {
            throw new VerbException($"{settings.Server.Url.GetLeftPart(UriPartial.Authority)} cannot be reached: {e.Message}.", inner: e);
        }
    }

    private async Task GatherIdsAsync(Dialer dialer, RequestMix mix, CancellationToken cancellation)
    {
        if (settings.IdsFile is { } file)
        {
            mix.Ids.AddRange((await File.ReadAllLinesAsync(file, cancellation)).Where(line => line.Length == 36));
        }
        else
        {
            Phase = $"registering {settings.Users} users to read";
            var loop = new ClosedLoop(dialer, settings.Connections, mix.Create)
            {
                Succeeded = user => Remember(mix, RequestMix.IdOf(user.Span)),
            };
            await loop.RunAsync(TimeSpan.Zero, TimeSpan.FromMinutes(10), settings.Users, new BenchResult(), cancellation);
        }

        if (mix.Ids.Count == 0)
        {
            throw new VerbException(settings.IdsFile is null
                ? "No user could be registered to read: is the key right?" : $"{settings.IdsFile} has no ids.");
        }
    }

    private static void Remember(RequestMix mix, string? id)
    {
        lock (mix.Ids)
        {
            if (id is not null)
            {
                mix.Ids.Add(id);
            }
        }
    }
}

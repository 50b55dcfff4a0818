using Roster.Cli.Bench.Load;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench;

/// <summary>A run from its preparation to its result.</summary>
internal sealed class BenchRun(BenchSettings settings)
{
    /// <summary>What is measured, while it is.</summary>
    public BenchResult Result { get; } = new(settings.Mix.Operations);

    /// <summary>What is going on, for a person who watches.</summary>
    public string Phase { get; private set; } = "connecting";

    /// <summary>Runs it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var dialer = await Dialer.ToAsync(settings.Server.Url, settings.AllowRemote, cancellation);
        await CheckReachableAsync(dialer, cancellation);
        var writer = new RequestWriter(settings.Server);
        if (settings.Mix.NeedsTargets)
        {
            Phase = settings.Targets.Doing;
            writer.Targets = await settings.Targets.GatherAsync(settings, dialer, writer, cancellation);
            writer.Popularity = settings.Popularity.Over(writer.Targets.Count);
            if (settings.Mix.NeedsEmails && writer.Targets.Exists(target => target.Email is null))
            {
                throw new VerbException("Looking up e-mails needs them: write \"ID,EMAIL\" in the lines of the --ids file, or leave it out.");
            }
        }

        Phase = $"{settings.Mix}, {settings.Loop}";
        ILoop loop = settings.Rate is { } rate
            ? new OpenLoop(dialer, settings.Connections, settings.Mix, writer, rate)
            : new ClosedLoop(dialer, settings.Connections, settings.Mix, writer);
        await loop.RunAsync(settings.Warmup, settings.Duration, settings.Requests, Result, cancellation);
    }

    private async Task CheckReachableAsync(Dialer dialer, CancellationToken cancellation)
    {
        try
        {
            (await dialer.ConnectAsync(cancellation)).Dispose();
        }
        catch (Exception e) when (Exchange.IsBreak(e))
        {
            throw new VerbException($"{settings.Server.Url.GetLeftPart(UriPartial.Authority)} cannot be reached: {e.Message}.", inner: e);
        }
    }
}

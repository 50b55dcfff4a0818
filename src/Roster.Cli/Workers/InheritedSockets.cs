using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Win32.SafeHandles;
using Roster.Cli.Settings;
using Roster.Cli.Workers.Draining;

namespace Roster.Cli.Workers;

/// <summary>A worker's side: the sockets that its supervisor has opened for it.</summary>
/// <param name="Number">The worker's place, from 1; 0 for a spare that has none yet.</param>
/// <param name="Places">Of each place: descriptors, and whether TLS is spoken on each. A worker with a place has only its own.</param>
internal sealed record InheritedSockets(int Number, IReadOnlyList<IReadOnlyList<(int Descriptor, bool IsHttps)>> Places)
{
    /// <summary>Of the flags that a supervisor gives; null for a server that opens its own.</summary>
    /// <param name="number">Which worker.</param>
    /// <param name="description"><see cref="WorkerSockets.Description"/> of each place.</param>
    /// <exception cref="VerbException">Somebody else gave them.</exception>
    public static InheritedSockets? Parse(int? number, string? description) => number is null && description is null ? null
        : new InheritedSockets(number ?? 1, [.. (description ?? string.Empty).Split(';').Select(ParsePlace)]);

    /// <summary>Waits for a place, and closes the sockets of all others; null when there will be none.</summary>
    public async Task<InheritedSockets?> AssignedAsync(CancellationToken cancellation)
    {
        Console.WriteLine(WorkerProcess.StandingByLine);
        var line = await Task.Run(ReadLine, CancellationToken.None).WaitAsync(cancellation);
        if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        foreach (var (descriptor, _) in Places.Where((_, i) => i != number - 1).SelectMany(place => place))
        {
            new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        }

        return new InheritedSockets(number, [Places[number - 1]]);
    }

    /// <summary>Settings of this worker: its metrics have ports of their own.</summary>
    public RosterSettings Of(RosterSettings settings) => settings with
    {
        MetricsUrls = [.. settings.MetricsUrls.Select(url => ListenAddress.Parse(url) is var address
            ? $"{(address.IsHttps ? "https" : "http")}://{address.Of(Number).EndPoints[0]}" : url)],
    };

    /// <summary>Has the server listen on them, and drain before it closes what is connected.</summary>
    public void AddTo(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => Places[0].ToList().ForEach(socket => kestrel.ListenHandle((ulong)socket.Descriptor, listen =>
        {
            if (socket.IsHttps)
            {
                listen.UseHttps();
            }
        })));
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        builder.Services.AddHostedService<SupervisorWatch>();
        builder.Services.AddHostedService(_ => new WorkerGauge(Number));
        builder.Services.AddSingleton<IConnectionListenerFactory, DrainingListeners>();
        builder.Services.AddSingleton<IStartupFilter, LastAnswers>();
    }

    private static IReadOnlyList<(int Descriptor, bool IsHttps)> ParsePlace(string text) => [.. text.Split(',').Select(entry =>
        entry.Split('=') is [var number, var scheme] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
            && File.Exists($"/proc/self/fd/{number}")
            ? (descriptor, scheme == Uri.UriSchemeHttps)
            : throw VerbException.Usage("--worker and --sockets are for the supervisor's own use: write --workers N."))];

    /// <summary>Byte by byte: what comes behind the line, its end above all, is for <see cref="SupervisorWatch"/>.</summary>
    private static string ReadLine()
    {
        using var input = Console.OpenStandardInput();
        List<char> line = [];
        for (var read = input.ReadByte(); read >= 0 && read != '\n'; read = input.ReadByte())
        {
            line.Add((char)read);
        }

        return new string([.. line]);
    }
}

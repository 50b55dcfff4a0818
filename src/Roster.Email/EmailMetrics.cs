using System.Diagnostics.Metrics;
using Roster.Core.Events.Consuming;

namespace Roster.Email;

/// <summary>What mails tell about themselves.</summary>
internal static class EmailMetrics
{
    private static readonly Meter Meter = new("Roster");

    private static readonly Counter<long> SentMails = Meter.CreateCounter<long>("roster.mail.sent", "{mail}", "Mails that were handed over");

    private static readonly Counter<long> FailedMails =
        Meter.CreateCounter<long>("roster.mail.failed", "{mail}", "Attempts that failed, by kind: unavailable, refused, deferred");

    /// <summary>One was handed over.</summary>
    public static void Sent() => SentMails.Add(1);

    /// <summary>One was not.</summary>
    public static void Failed(Exception reason) => FailedMails.Add(1, new KeyValuePair<string, object?>("kind", reason switch
    {
        ConsumerUnavailableException => "unavailable",
        PoisonEventException => "refused",
        _ => "deferred",
    }));
}

using Roster.Cli.Settings;
using Roster.Core.Events.Consuming;

namespace Roster.Cli.Working;

/// <summary>Every consumer there is, in one place.</summary>
internal static class Consumers
{
    public static IReadOnlyList<IEventConsumer> Of(RosterSettings settings) => settings switch
    {
        _ => [],
    };
}

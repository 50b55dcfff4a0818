using Roster.Core.Events;
using Xunit;

namespace Roster.Tests.Events;

public sealed class EventTypesTests
{
    [Fact]
    public void Every_event_is_listed() => Assert.Equal(
        typeof(DomainEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DomainEvent)) && !type.IsAbstract)
            .Select(type => (string)type.GetField("TypeName")!.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        EventTypes.All.Order(StringComparer.Ordinal));
}

using System.Text.Json;
using CsCheck;
using Roster.Api.Events;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Users;
using Roster.Tests.Api.Contract;
using Roster.Tests.Json;
using Roster.Tests.Text;
using Xunit;

namespace Roster.Tests.Events.Schemas;

/// <summary>
/// The schemas fit what is encoded, and stay as they were published. Every history that a test reads is held against them
/// too (<see cref="ApiContract"/>).
/// </summary>
public sealed class EventSchemasTests
{
    private static readonly Gen<UserId> User = Gen.Select(Gen.ULong, Gen.Int[0, 4095])
        .Select((random, bucket) => new UserId(IdLayout.Compose(1_700_000_000_000, new BucketId(bucket), random & 0x3FFF_FFFF_FFFF_FFFF)));

    private static readonly Gen<string> Text = AnyText.Text.Where(text => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD));
    private static readonly Gen<Attributes> Some = JsonGen.Object.Where(IsAttributes).Select(json => AttributesOf(json)!);

    private static readonly Gen<DomainEvent> What = Gen.OneOf<DomainEvent>(
        Gen.Select(Text, Text, Some, Gen.OneOf("", "import").Select(source => source.Length == 0 ? null : source)).Select((name, email, some, source) => (DomainEvent)new SignedUp(name, email, some, source)),
        Gen.Select(Text, Some, Gen.Int[1, 3]).Select((name, some, which) =>
            (DomainEvent)new ProfileChanged((which & 1) > 0 ? name : null, (which & 2) > 0 ? some : null)),
        Gen.Select(Text, Text).Select((email, previous) => (DomainEvent)new EmailChanged(email, previous)),
        Gen.Int[0, 2].Select(which => which switch { 0 => new Suspended(), 1 => new Reactivated(), _ => (DomainEvent)new UserDeleted() }),
        Gen.Select(User, Text).Select((post, text) => (DomainEvent)new PostPublished(new PostId(post.Value), text)),
        Gen.Select(User, Text).Select((post, text) => (DomainEvent)new PostEdited(new PostId(post.Value), text)),
        User.Select(post => (DomainEvent)new PostDeleted(new PostId(post.Value))));

    private static readonly Gen<RecordedEvent> Recorded = Gen.Select(User, What, Gen.Long[1, long.MaxValue], Gen.Long[1, long.MaxValue], Text, Gen.Long[0, 4_000_000_000_000_000])
        .Select((user, what, sequence, version, actor, at) => new RecordedEvent
        {
            Id = user.Value, User = user, Sequence = sequence, Version = version, At = Timestamps.FromMicroseconds(at), Actor = actor, What = what,
        });

    public static TheoryData<string> Published => [.. Directory.EnumerateFiles(EventSchemas.Published).Select(file => Path.GetFileName(file)!)];

    [Fact]
    public void Every_event_that_can_be_is_as_its_schema_says()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Recorded.Sample(
            recorded =>
            {
                seen.Add(recorded.What.Type);
                Assert.Empty(EventSchemas.Check(JsonElement.Parse(CloudEventJson.Encode(recorded).Span)));
            },
            threads: 1,
            iter: 2_000);
        Assert.Equal(EventSchemas.All.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_type_has_a_schema_that_names_it_and_nothing_else_has()
    {
        var types = ApiDocument.Served.Component("schemas", "Event").GetProperty("properties").GetProperty("type").GetProperty("enum");
        Assert.Equal(types.EnumerateArray().Select(type => type.GetString()!).Order(StringComparer.Ordinal), EventSchemas.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(EventSchemas.All, schema =>
        {
            Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.Value.GetProperty("$schema").GetString());
            Assert.Equal($"urn:roster:schema:{schema.Key}", schema.Value.GetProperty("$id").GetString());
            Assert.Equal(schema.Key, schema.Value.GetProperty("properties").GetProperty("type").GetProperty("const").GetString());
        });
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Schemas_stay_compatible_with_what_was_published(string name)
    {
        var (next, published) = (Path.Combine(EventSchemas.Folder, name), Path.Combine(EventSchemas.Published, name));
        Assert.True(File.Exists(next), $"{name} was published: readers count on it.");
        Assert.Empty(SchemaChange.Problems(JsonElement.Parse(File.ReadAllBytes(published)), JsonElement.Parse(File.ReadAllBytes(next))));
    }

    [Fact]
    public void Schemas_stay_compatible_because_every_one_is_published()
    {
        foreach (var next in Directory.EnumerateFiles(EventSchemas.Folder, "*.json"))
        {
            var published = Path.Combine(EventSchemas.Published, Path.GetFileName(next));
            var isNew = !File.Exists(published);
            if (Environment.GetEnvironmentVariable("ROSTER_PUBLISH_SCHEMAS") == "1"
                && (isNew || SchemaChange.Problems(JsonElement.Parse(File.ReadAllBytes(published)), JsonElement.Parse(File.ReadAllBytes(next))).Count == 0))
            {
                File.Copy(next, published, overwrite: true);
            }

            Assert.True(
                File.Exists(published) && File.ReadAllText(published) == File.ReadAllText(next),
                $"{Path.GetFileName(next)} is not what was published: if the change is allowed (schemas/README.md), run ROSTER_PUBLISH_SCHEMAS=1 ./test Schemas_stay_compatible.");
        }
    }

    private static bool IsAttributes(string json) => AttributesOf(json) is not null;

    private static Attributes? AttributesOf(string json) =>
        Attributes.TryParse(JsonElement.Parse(json), out var attributes, out _) ? attributes : null;
}

using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Architecture;

public sealed partial class ArchitectureTests
{
    private const int MaxLines = 300;

    private static readonly Assembly Core = typeof(IStore).Assembly;
    private static readonly Assembly Sqlite = typeof(Roster.Storage.Sqlite.SqliteStore).Assembly;
    private static readonly Assembly Postgres = typeof(Roster.Storage.Postgres.PostgresStore).Assembly;
    private static readonly Assembly Kafka = typeof(Roster.Kafka.KafkaPublisher).Assembly;
    private static readonly Assembly Email = typeof(Roster.Email.SignUpMails).Assembly;
    private static readonly Assembly Redis = typeof(Roster.Redis.RedisConnection).Assembly;
    private static readonly Assembly Resilience = typeof(Roster.Resilience.GuardedStore).Assembly;
    private static readonly Assembly Lab = typeof(Roster.Lab.PostgresServer).Assembly;
    private static readonly Assembly Api = typeof(Roster.Api.RosterApi).Assembly;
    private static readonly Assembly Cli = typeof(Roster.Cli.Settings.RosterSettings).Assembly;

    [Fact]
    public void Core_refers_to_nothing_but_the_base_library() =>
        Assert.All(NamesOf(Core), name => Assert.True(
            name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "netstandard", name));

    [Fact]
    public void Engines_and_the_API_know_Core_but_not_each_other()
    {
        Assert.Equal(["Roster.Core"], OursOf(Sqlite));
        Assert.Equal(["Roster.Core"], OursOf(Postgres));
        Assert.Equal(["Roster.Core"], OursOf(Kafka));
        Assert.Equal(["Roster.Core"], OursOf(Email));
        Assert.Equal(["Roster.Core"], OursOf(Redis));
        Assert.Equal(["Roster.Core"], OursOf(Resilience));
        Assert.Empty(OursOf(Lab));
        Assert.All([Core, Sqlite, Postgres, Kafka, Email, Redis, Lab, Api, Cli], assembly => Assert.DoesNotContain(NamesOf(assembly), name => name.StartsWith("Polly", StringComparison.Ordinal)));
        Assert.All([Core, Sqlite, Postgres, Email, Lab, Api, Cli], assembly => Assert.DoesNotContain("Confluent.Kafka", NamesOf(assembly)));
        Assert.All([Core, Sqlite, Postgres, Kafka, Email, Lab, Api, Cli], assembly => Assert.DoesNotContain("StackExchange.Redis", NamesOf(assembly)));
        Assert.Equal(["Roster.Core"], OursOf(Api));
        Assert.DoesNotContain(NamesOf(Sqlite), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void The_client_refers_to_nothing_but_the_base_library() => Assert.All(
        NamesOf(typeof(Roster.Client.RosterClient).Assembly), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void Only_the_program_names_engines_brokers_mail_and_the_lab() =>
        Assert.Equal(["Roster.Api", "Roster.Client", "Roster.Core", "Roster.Email", "Roster.Kafka", "Roster.Lab", "Roster.Redis", "Roster.Resilience", "Roster.Storage.Postgres", "Roster.Storage.Sqlite"], OursOf(Cli));

    [Fact]
    public void Only_one_project_knows_how_mail_is_sent() => Assert.All(
        [Core, Sqlite, Postgres, Kafka, Lab, Api, Cli],
        assembly => Assert.DoesNotContain(NamesOf(assembly), name => name is "MailKit" or "MimeKit"));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        Assert.True(Sources.All.Count > 150);
        Assert.All(Sources.All, file =>
        {
            var declared = Namespace().Match(file.Text);
            var folder = Path.GetDirectoryName(file.Path)!.Replace('\\', '/').Replace('/', '.');
            Assert.True(declared.Success ? declared.Groups["name"].Value == folder : HasNoTypes(file.Text), file.Path);
        });
    }

    [Fact]
    public void No_file_is_long() => Assert.All(
        Sources.All, file => Assert.True(file.Text.Count(c => c == '\n') <= MaxLines, $"{file.Path} has more than {MaxLines} lines."));

    [Fact]
    public void No_type_is_named_for_having_no_name() => Assert.DoesNotContain(
        new[] { Core, Sqlite, Postgres, Kafka, Email, Redis, Lab, Api, Cli }.SelectMany(assembly => assembly.GetTypes()).Where(type => !IsGenerated(type)),
        type => Nameless().IsMatch(type.Name));

    [Fact]
    public void Every_public_type_of_Core_says_what_it_is()
    {
        var members = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Roster.Core.xml")).Descendants("member")
            .Where(member => !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains($"T:{typeof(UserId).FullName}", members);
        Assert.All(Core.GetExportedTypes(), type => Assert.Contains($"T:{type.FullName!.Replace('+', '.')}", members));
    }

    private static IEnumerable<string> NamesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static IEnumerable<string> OursOf(Assembly assembly) =>
        NamesOf(assembly).Where(name => name.StartsWith("Roster", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static bool HasNoTypes(string text) => !Type().IsMatch(text);

    private static bool IsGenerated(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal) || type.Namespace?.StartsWith("Roster", StringComparison.Ordinal) != true;

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*(public|internal|file|sealed|static|partial|abstract)?.*\b(class|struct|record|interface|enum) \w", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Common)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Nameless();
}

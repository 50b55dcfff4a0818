using System.Globalization;
using Roster.ConsumingProcess;
using Roster.Kafka;
using Roster.Lab;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>A member of a group is killed in the middle of its work.</summary>
public sealed class KilledMemberTests(KafkaLab lab) : IDisposable
{
    private const int Users = 50;
    private const int Each = 60;

    /// <summary>Handled when it is killed: late enough that it has told the group of some, early enough that it holds others.</summary>
    private const int HalfWay = Users * Each / 2;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_others_take_over_what_a_killed_member_has_not_handled(bool real)
    {
        var options = await lab.FreshTopicAsync(real);
        options = options with { Client = new Dictionary<string, string>(options.Client, StringComparer.Ordinal) { ["session.timeout.ms"] = "3000", ["heartbeat.interval.ms"] = "500" } };
        await using var publisher = new KafkaPublisher(options);
        await publisher.PublishAsync(Messages(Users, Each), Cancellation);
        await using var killed = await WatchedProcess.StartAsync(folder.FullName, Signal.Kill, environment: null, [
            "dotnet", typeof(Member).Assembly.Location, options.BootstrapServers, options.Topic, options.Topic,
            .. options.Client.Select(setting => $"{setting.Key}={setting.Value}")]);
        await GroupMember.UntilAsync(() => Handled().Count > HalfWay, "the process handles nothing");
        Signal.Send(killed.Id, Signal.Kill);
        await using var heir = new GroupMember(options, options.Topic);
        await GroupMember.UntilAsync(() => All().Distinct().Count() == Users * Each, $"{All().Distinct().Count()} were handled");

        // The killed process handled its messages before its heir: that is the order a database of effects sees.
        Assert.All(All().GroupBy(handled => handled.User, StringComparer.Ordinal), user =>
            Assert.Equal(Enumerable.Range(1, Each).Select(n => (long)n), user.Select(handled => handled.Sequence).Distinct()));
        var doubles = All().Count - (Users * Each);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Handled().Count} by the killed member, {heir.Handled.Count} by the other, {doubles} of them twice");
        Assert.NotEmpty(heir.Handled);

        List<(string User, long Sequence)> All() =>
            [.. Handled(), .. heir.Handled.Select(record => (record.Key!, SequenceOf(record.Value.Span)))];
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>What the process has said; a line that its death cut short does not count.</summary>
    private List<(string User, long Sequence)> Handled()
    {
        var log = Path.Combine(folder.FullName, WatchedProcess.LogName);
        return !File.Exists(log) ? [] : [.. File.ReadLines(log)
            .Where(line => line.EndsWith('}') && char.IsDigit(line[0]))
            .Select(line => line.Split(' ', 3))
            .Select(parts => (parts[1], long.Parse(parts[2].Split("\"sequence\":\"")[1].Split('"')[0], CultureInfo.InvariantCulture)))];
    }
}

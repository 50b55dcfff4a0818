using CsCheck;
using Roster.Lab.Histories;

namespace Roster.Tests.Histories;

/// <summary>
/// Correct histories by construction: clients' operations overlap at random, and each takes effect at one moment within its
/// time. Reads are as old as they may be; some writes are refused, some are left in doubt, some are answered twice.
/// </summary>
internal static class RandomHistory
{
    public const long Staleness = 25;

    private const int Clients = 4;
    private const int Users = 3;

    public static Gen<History> Gen { get; } = CsCheck.Gen.Select(CsCheck.Gen.Int, CsCheck.Gen.Int[30, 150]).Select((seed, count) => Of(new Random(seed), count));

    private static History Of(Random random, int count)
    {
        List<(string Client, long Start, long Point, long End)> spans = [];
        var free = new long[Clients];
        for (var i = 0; i < count; i++)
        {
            var client = random.Next(Clients);
            var start = free[client] + random.Next(1, 6);
            var end = start + random.Next(2, 20);
            free[client] = end;
            spans.Add(($"c{client}", start, random.NextInt64(start, end + 1), end));
        }

        var world = new World(random);
        List<Operation> operations = [.. spans.OrderBy(span => span.Point).SelectMany(span => world.Do(span.Client, span.Start, span.Point, span.End))];
        return new History(operations, world.Final, []) { Staleness = Staleness };
    }

    /// <summary>What is true at each moment.</summary>
    private sealed class World(Random random)
    {
        private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Dictionary<string, long>> covers = new(StringComparer.Ordinal);
        private readonly List<(string User, long Version, string Tag, long Point)> writes = [];
        private int number;

        public IReadOnlyList<FinalWrite> Final => [.. writes.Select(write => new FinalWrite(write.User, write.Version, write.Tag))];

        public IEnumerable<Operation> Do(string client, long start, long point, long end)
        {
            var user = $"u{random.Next(Users)}";
            var sent = random.Next(3) > 0 ? tokens.GetValueOrDefault(client) : null;
            var operation = new Operation
            {
                Client = client, User = user, Sent = sent, Kind = OperationKind.Read, Outcome = OperationOutcome.Done, Invoked = start, Answered = end,
            };
            return random.Next(2) == 0 ? [Read(operation, point)] : Write(operation with { Kind = OperationKind.Write, Tag = $"t{number++}", Key = $"k{number}" }, point);
        }

        private Operation Read(Operation read, long point)
        {
            var least = writes.Where(write => write.User == read.User && write.Point < read.Invoked - Staleness).Select(write => write.Version).DefaultIfEmpty().Max();
            var token = read.Sent is { } sent ? covers[sent].GetValueOrDefault(read.User) : 0;
            var now = writes.Where(write => write.User == read.User && write.Point <= point).Select(write => write.Version).DefaultIfEmpty().Max();
            var version = random.NextInt64(Math.Max(least, token), now + 1);
            return read with { Version = version, Tag = writes.Find(write => write.User == read.User && write.Version == version).Tag };
        }

        private IEnumerable<Operation> Write(Operation write, long point)
        {
            var kind = random.Next(10);
            if (kind == 0)
            {
                return [write with { Outcome = OperationOutcome.Refused }];
            }

            var version = writes.Count(before => before.User == write.User) + 1;
            if (kind == 1 && random.Next(2) == 0)
            {
                return [write with { Outcome = OperationOutcome.Unknown }];
            }

            writes.Add((write.User, version, write.Tag!, point));
            if (kind == 1)
            {
                return [write with { Outcome = OperationOutcome.Unknown }];
            }

            var covered = new Dictionary<string, long>(write.Sent is { } sent ? covers[sent] : [], StringComparer.Ordinal) { [write.User] = version };
            var token = $"token{number}";
            covers[token] = covered;
            tokens[write.Client!] = token;
            var done = write with { Version = version, Token = token };

            // Sent again: the first attempt had no answer, and what it did is what the second one is told.
            return kind == 2 && point < write.Answered
                ? [write with { Outcome = OperationOutcome.Unknown, Answered = point }, done with { Invoked = point }]
                : [done];
        }
    }
}

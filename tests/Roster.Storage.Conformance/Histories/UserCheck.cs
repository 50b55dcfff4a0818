namespace Roster.Storage.Conformance.Histories;

/// <summary>The checks of one user's operations.</summary>
internal sealed class UserCheck(string user, IReadOnlyList<Operation> operations, IReadOnlyList<FinalWrite> final)
{
    private readonly List<Finding> findings = [];
    private List<Operation> happened = [];

    /// <summary>The writes that happened, with their versions; an unknown one's answer never came.</summary>
    public IReadOnlyList<Operation> Happened => happened;

    public IReadOnlyList<Finding> Run()
    {
        happened = [.. operations.Where(o => o.Kind == OperationKind.Write).Select(Settle).OfType<Operation>()];
        CheckFinal();
        CheckWrites();
        CheckReads();
        return findings;
    }

    private Operation? Settle(Operation write) => write.Outcome switch
    {
        OperationOutcome.Done => write,
        OperationOutcome.Unknown when final.FirstOrDefault(f => f.Tag == write.Tag) is { } found =>
            write with { Version = found.Version, Answered = long.MaxValue },
        _ => null,
    };

    /// <summary>Acknowledged writes are there, once each, and nothing else is.</summary>
    private void CheckFinal()
    {
        var tags = final.ToLookup(f => f.Tag, StringComparer.Ordinal);
        foreach (var write in happened.Where(w => w.Answered != long.MaxValue))
        {
            if (!tags[write.Tag!].Any(f => f.Version == write.Version))
            {
                Add(FindingKind.Lost, $"The acknowledged {Name(write)} is not in the final history.");
            }
        }

        var written = happened.Select(w => w.Tag).ToHashSet(StringComparer.Ordinal);
        foreach (var ghost in final.Where(f => !written.Contains(f.Tag)))
        {
            Add(FindingKind.Ghost, $"The final history has version {ghost.Version} ({ghost.Tag}), which nobody wrote or which was refused.");
        }

        foreach (var twice in tags.Where(t => t.Skip(1).Any()))
        {
            Add(FindingKind.Duplicate, $"{twice.Key} is in the final history {twice.Count()} times.");
        }

        foreach (var (before, after) in final.Zip(final.Skip(1)).Where(p => p.First.Version >= p.Second.Version))
        {
            Add(FindingKind.OutOfOrder, $"The final history has version {after.Version} after {before.Version}.");
        }
    }

    /// <summary>Versions are unique and rise in real time.</summary>
    private void CheckWrites()
    {
        foreach (var same in happened.GroupBy(w => w.Version).Where(g => g.Skip(1).Any()))
        {
            Add(FindingKind.Duplicate, $"Version {same.Key} was given to {string.Join(" and ", same.Select(Name))}.");
        }

        foreach (var (write, certain) in WithCertain(happened))
        {
            if (certain is not null && certain.Version >= write.Version)
            {
                Add(FindingKind.OutOfOrder, $"{Name(write)} began after {Name(certain)} was answered.");
            }
        }
    }

    /// <summary>A read returns what had begun to be written, and no less than was certain.</summary>
    private void CheckReads()
    {
        var byVersion = happened.ToLookup(w => w.Version);
        var reads = operations.Where(o => o is { Kind: OperationKind.Read, Outcome: OperationOutcome.Done }).ToList();
        foreach (var (read, certain) in WithCertain(reads))
        {
            if (read.Version != 0)
            {
                var source = byVersion[read.Version].FirstOrDefault(w => w.Tag == read.Tag);
                if (source is null)
                {
                    Add(FindingKind.Ghost, $"{Name(read)} found what nobody wrote, or what was refused or lost.");
                }
                else if (source.Invoked > read.Answered)
                {
                    Add(FindingKind.Ghost, $"{Name(read)} was answered before {Name(source)} began.");
                }
            }

            if (certain is not null && certain.Version > read.Version)
            {
                Add(FindingKind.Stale, $"{Name(read)} began after {Name(certain)} was answered.");
            }
        }
    }

    /// <summary>Each operation with the highest version that was certain before it began; one sweep over time.</summary>
    private IEnumerable<(Operation Operation, Operation? Certain)> WithCertain(IEnumerable<Operation> of)
    {
        var answered = new Queue<Operation>(happened
            .Concat(operations.Where(o => o is { Kind: OperationKind.Read, Outcome: OperationOutcome.Done }))
            .OrderBy(o => o.Answered));
        Operation? certain = null;
        foreach (var operation in of.OrderBy(o => o.Invoked))
        {
            while (answered.TryPeek(out var next) && next.Answered < operation.Invoked)
            {
                certain = certain is null || next.Version > certain.Version ? next : certain;
                answered.Dequeue();
            }

            yield return (operation, certain);
        }
    }

    private void Add(FindingKind kind, string sentence) => findings.Add(new Finding(kind, user, sentence));

    private static string Name(Operation o) =>
        $"{(o.Kind == OperationKind.Write ? "write" : "read")} of version {o.Version} ({o.Tag ?? "nobody"}, {o.Invoked}–{(o.Answered == long.MaxValue ? "?" : o.Answered)})";
}

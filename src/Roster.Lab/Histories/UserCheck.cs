namespace Roster.Lab.Histories;

/// <summary>The checks of one user's operations.</summary>
internal sealed class UserCheck(
    string user, IReadOnlyList<Operation> logged, IReadOnlyList<FinalWrite> final, TokenCoverage tokens, long? staleness)
{
    private readonly List<Finding> findings = [];
    private IReadOnlyList<Operation> operations = [];
    private List<Operation> happened = [];

    /// <summary>The writes that happened, with their versions; an unknown one's answer never came.</summary>
    public IReadOnlyList<Operation> Happened => happened;

    public IReadOnlyList<Finding> Run()
    {
        operations = Attempts.Join(logged, twice => Add(FindingKind.Duplicate, $"The key {twice[0].Key} was answered with different versions.", [.. twice]));
        happened = [.. operations.Where(o => o.Kind == OperationKind.Write).Select(Settle).OfType<Operation>()];
        operations = [.. operations.Select(FindDeleted)];
        CheckFinal();
        CheckWrites();
        CheckReads();
        return findings;
    }

    private Operation? Settle(Operation write)
    {
        if (write.Outcome != OperationOutcome.Unknown)
        {
            return write.Outcome == OperationOutcome.Done ? write : null;
        }

        var found = final.FirstOrDefault(f => f.Tag == write.Tag);
        Add(FindingKind.Unknown, $"The {Name(write)} had no certain answer: it {(found is null ? "did not happen" : $"happened, as version {found.Version}")}.", write);
        return found is null ? null : write with { Version = found.Version, Answered = long.MaxValue };
    }

    /// <summary>Who finds nobody, once a deletion has begun, may have found what it left.</summary>
    private Operation FindDeleted(Operation read) =>
        read is { Kind: OperationKind.Read, Version: 0 } && happened.Find(w => w.Deletes && w.Invoked < read.Answered) is { } deletion
            ? read with { Version = deletion.Version, Tag = deletion.Tag }
            : read;

    /// <summary>Acknowledged writes are there, once each, and nothing else is.</summary>
    private void CheckFinal()
    {
        var tags = final.ToLookup(f => f.Tag, StringComparer.Ordinal);
        foreach (var write in happened.Where(w => w.Answered != long.MaxValue))
        {
            if (!tags[write.Tag!].Any(f => f.Version == write.Version))
            {
                Add(FindingKind.Lost, $"The acknowledged {Name(write)} is not in the final history.", write);
            }
        }

        var written = happened.Select(w => w.Tag).ToHashSet(StringComparer.Ordinal);
        foreach (var ghost in final.Where(f => !written.Contains(f.Tag)))
        {
            Add(FindingKind.Ghost, $"The final history has version {ghost.Version} ({ghost.Tag}), which nobody wrote or which was refused.", ghost);
        }

        foreach (var twice in tags.Where(t => t.Skip(1).Any()))
        {
            Add(FindingKind.Duplicate, $"{twice.Key} is in the final history {twice.Count()} times.", [.. twice]);
        }

        foreach (var (before, after) in final.Zip(final.Skip(1)).Where(p => p.First.Version >= p.Second.Version))
        {
            Add(FindingKind.OutOfOrder, $"The final history has version {after.Version} after {before.Version}.", before, after);
        }
    }

    /// <summary>Versions are unique and rise in real time.</summary>
    private void CheckWrites()
    {
        foreach (var same in happened.GroupBy(w => w.Version).Where(g => g.Skip(1).Any()))
        {
            Add(FindingKind.Duplicate, $"Version {same.Key} was given to {string.Join(" and ", same.Select(Name))}.", [.. same]);
        }

        foreach (var (write, certain) in WithCertain(happened, allowed: 0))
        {
            if (certain is not null && certain.Version >= write.Version)
            {
                Add(FindingKind.OutOfOrder, $"The {Name(write)} began after the {Name(certain)} was answered.", write, certain);
            }
        }
    }

    /// <summary>A read returns what had begun to be written, and no less than was certain, and no less than its token covers.</summary>
    private void CheckReads()
    {
        var byVersion = happened.ToLookup(w => w.Version);
        var reads = operations.Where(o => o is { Kind: OperationKind.Read, Outcome: OperationOutcome.Done }).ToList();
        foreach (var read in reads)
        {
            CheckSource(read, byVersion[read.Version].FirstOrDefault(w => w.Tag == read.Tag));
            CheckToken(read);
        }

        foreach (var (read, certain) in WithCertain(reads, staleness))
        {
            if (certain is not null && certain.Version > read.Version)
            {
                Add(FindingKind.Stale, $"The {Name(read)} began{(staleness > 0 ? $" more than {staleness}" : string.Empty)} after the {Name(certain)} was answered.", read, certain);
            }
        }
    }

    private void CheckSource(Operation read, Operation? source)
    {
        if (read.Version != 0 && source is null)
        {
            Add(FindingKind.Ghost, $"The {Name(read)} found what nobody wrote, or what was refused or lost.", read);
        }
        else if (read.Version != 0 && source!.Invoked > read.Answered)
        {
            Add(FindingKind.Ghost, $"The {Name(read)} was answered before the {Name(source)} began.", read, source);
        }
    }

    private void CheckToken(Operation read)
    {
        if (tokens.IsUnheardOf(read.Sent))
        {
            Add(FindingKind.Unknown, $"The {Name(read)} carried a token that nobody was given.", read);
        }

        if (tokens.Newest(read) is { } covered && covered.Version > read.Version)
        {
            Add(FindingKind.Stale, $"The {Name(read)} carried a token that covers the {Name(covered)}.", read, covered);
        }
    }

    /// <summary>Each operation with the highest version that was certain before it began, less what is allowed; one sweep over time.</summary>
    private IEnumerable<(Operation Operation, Operation? Certain)> WithCertain(IEnumerable<Operation> of, long? allowed)
    {
        if (allowed is not { } age)
        {
            yield break;
        }

        var answered = new Queue<Operation>(happened
            .Concat(operations.Where(o => o is { Kind: OperationKind.Read, Outcome: OperationOutcome.Done }))
            .OrderBy(o => o.Answered));
        Operation? certain = null;
        foreach (var operation in of.OrderBy(o => o.Invoked))
        {
            while (answered.TryPeek(out var next) && next.Answered < operation.Invoked - age)
            {
                certain = certain is null || next.Version > certain.Version ? next : certain;
                answered.Dequeue();
            }

            yield return (operation, certain);
        }
    }

    private void Add(FindingKind kind, string sentence, params HistoryLine[] evidence) =>
        findings.Add(new Finding(kind, user, $"User {(user.Length > 0 ? user : "?")}: {sentence}", evidence));

    private static string Name(Operation o) =>
        $"{(o.Kind == OperationKind.Write ? "write" : "read")} of version {o.Version} ({o.Tag ?? "nobody"}, {o.Invoked}–{(o.Answered == long.MaxValue ? "?" : o.Answered)})";
}

using CsCheck;

namespace Roster.Storage.Conformance.Sequences;

/// <summary>What a step of a generated sequence does; writes stand before <see cref="Users"/>.</summary>
public enum StepKind
{
    Register, Rename, ChangeEmail, RenameAndChangeEmail, SetAttributes, Suspend, Reactivate, Delete, Publish, Edit, Remove, RecordOnly,
    Users, Posts, Newest, ByEmail, List, History, Past, Outcome, Outbox,
}

/// <summary>One step: small numbers that the player turns into something that makes sense where it stands.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Who">Which of the users there are.</param>
/// <param name="What">Which e-mail, name, post, prefix or version of a small pool.</param>
/// <param name="Key">An idempotency key of a small pool; most are none.</param>
/// <param name="Stale">Build the change from an older state, as a late request would.</param>
/// <param name="Joins">Wait for the next change, so that both are one batch.</param>
public readonly record struct Step(StepKind Kind, int Who, int What, int Key, bool Stale, bool Joins)
{
    /// <summary>The pool of idempotency keys; numbers beyond mean none.</summary>
    public const int Keys = 3;

    /// <summary>True for changes.</summary>
    public bool Writes => Kind < StepKind.Users;

    /// <summary>Sequences of steps; half of the steps write.</summary>
    public static Gen<Step[]> Sequences(int longest) =>
        Gen.Select(
            Gen.Frequency((4, Kinds(StepKind.Register, StepKind.RecordOnly)), (2, Kinds(StepKind.Users, StepKind.Outbox)), (1, Gen.Const(StepKind.Register))),
            Gen.Int[0, 7],
            Gen.Int[0, 11],
            Gen.Int[0, 9],
            Gen.Int[0, 7],
            Gen.Int[0, 2],
            (kind, who, what, key, stale, joins) => new Step(kind, who, what, key, stale == 0, joins == 0))
        .Array[1, longest];

    private static Gen<StepKind> Kinds(StepKind first, StepKind last) => Gen.Int[(int)first, (int)last].Select(k => (StepKind)k);
}

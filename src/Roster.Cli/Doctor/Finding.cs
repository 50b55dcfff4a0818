namespace Roster.Cli.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Grade">How bad it is.</param>
/// <param name="Sentence">What it is, and what to do when it is wrong.</param>
internal readonly record struct Finding(Grade Grade, string Sentence)
{
    /// <summary>As it should be.</summary>
    public static Finding Ok(string sentence) => new(Grade.Ok, sentence);

    /// <summary>Worth a thought, but nothing fails because of it.</summary>
    public static Finding Note(string sentence) => new(Grade.Note, sentence);

    /// <summary>Something does not work, or is not safe.</summary>
    public static Finding Wrong(string sentence) => new(Grade.Wrong, sentence);

    /// <summary>One line.</summary>
    public override string ToString() => $"{Grade switch { Grade.Ok => "ok", Grade.Note => "note", _ => "wrong" },-5}  {Sentence}";
}

/// <summary>How bad a finding is; only <see cref="Wrong"/> makes the exit code 1.</summary>
internal enum Grade
{
    Ok,
    Note,
    Wrong,
}

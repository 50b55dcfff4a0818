namespace Roster.Storage.Conformance.Facts;

/// <summary>The sentence of the contract that a fact proves, word for word; one that says "must" has to have a fact.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProvesAttribute(string sentence) : Attribute
{
    /// <summary>The sentence, as the contract's documentation has it.</summary>
    public string Sentence { get; } = sentence;
}

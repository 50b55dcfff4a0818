using System.Reflection;

namespace Roster.Lab;

/// <summary>Files that are built into a library.</summary>
internal static class LabResource
{
    /// <summary>Reads one, by the logical name that the project gives it.</summary>
    /// <param name="holder">The library that has it.</param>
    /// <param name="name">The logical name.</param>
    public static string Read(Assembly holder, string name)
    {
        using var stream = holder.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads one of this library.</summary>
    public static string Read(string name) => Read(Assembly.GetExecutingAssembly(), name);

    /// <summary>Logical names of this library's that begin so, without the beginning.</summary>
    public static IEnumerable<string> NamesUnder(string beginning) =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(beginning, StringComparison.Ordinal))
            .Select(name => name[beginning.Length..]);
}

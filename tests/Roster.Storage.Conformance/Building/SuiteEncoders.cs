using System.Text;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Building;

/// <summary>Bodies that only this suite makes, so that a store which encodes by itself is found out.</summary>
public static class SuiteEncoders
{
    /// <summary>Give these to the store under test.</summary>
    public static StateEncoders All { get; } = new(
        user => Encoding.UTF8.GetBytes($$"""{"suite":"{{user.Id}}","sequence":{{user.Sequence}},"version":{{user.Version}}}"""),
        post => Encoding.UTF8.GetBytes($$"""{"suite":"{{post.Id}}","version":{{post.Version}},"length":{{post.Text.Length}}}"""));
}

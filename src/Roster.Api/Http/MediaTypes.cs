namespace Roster.Api.Http;

/// <summary>What bodies may be.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
}

namespace Roster.Tests.Deploy;

/// <summary>Whose the image's process is: the number that Microsoft's chiseled images give their user <c>app</c>.</summary>
internal static class ImageUser
{
    public const long Id = 1654;
}

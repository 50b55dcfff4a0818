namespace Roster.ConsumingProcess;

/// <summary>Where the program is, for tests that start it.</summary>
public static class Member
{
}

namespace Roster.Cli.Settings;

/// <summary>How a line of the log looks.</summary>
public enum LogFormat
{
    /// <summary>.NET's own JSON.</summary>
    Json,

    /// <summary>JSON with the field names of the Elastic Common Schema.</summary>
    Ecs,

    /// <summary>For people at a terminal.</summary>
    Text,
}

namespace Roster.Cli.Settings;

/// <summary>A setting that stops the start, in a sentence that says what to write instead.</summary>
public sealed class SettingsException(string message) : Exception(message);

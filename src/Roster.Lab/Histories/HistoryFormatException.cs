namespace Roster.Lab.Histories;

/// <summary>A file holds something else than a history; the message says where.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What led to it.</param>
public sealed class HistoryFormatException(string message, Exception? inner = null) : Exception(message, inner);

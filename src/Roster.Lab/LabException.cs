namespace Roster.Lab;

/// <summary>A member of the lab did not start or end; the message is for the person who runs it.</summary>
/// <param name="message">What happened.</param>
/// <param name="inner">What led to it.</param>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);

namespace Roster.Kafka;

/// <summary>Kafka cannot be used; the message is a sentence for whoever runs Roster, without secrets.</summary>
/// <param name="message">What is wrong and, where one can say so, what to do.</param>
/// <param name="inner">What led to it.</param>
public sealed class KafkaOutageException(string message, Exception? inner = null) : Exception(message, inner);

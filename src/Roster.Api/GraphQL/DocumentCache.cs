using System.Security.Cryptography;
using System.Text;
using GraphQLParser.AST;

namespace Roster.Api.GraphQL;

/// <summary>
/// Documents that were found valid, by the SHA-256 of their text: parsed once, and what persisted queries refer to. The
/// least recently used go when it is full.
/// </summary>
internal sealed class DocumentCache
{
    /// <summary>Most documents.</summary>
    public const int MaxDocuments = 1_000;

    /// <summary>Most characters of all of them together.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> byHash = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> used = new();
    private long characters;

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public int Count
    {
        get
        {
            lock (gate)
            {
                return byHash.Count;
            }
        }
    }

    public GraphQLDocument? Find(string hash)
    {
        lock (gate)
        {
            if (!byHash.TryGetValue(hash, out var node))
            {
                return null;
            }

            used.Remove(node);
            used.AddFirst(node);
            return node.Value.Document;
        }
    }

    public void Add(string hash, GraphQLDocument document, int length)
    {
        lock (gate)
        {
            if (byHash.ContainsKey(hash))
            {
                return;
            }

            byHash[hash] = used.AddFirst(new Entry(hash, document, length));
            characters += length;
            while (byHash.Count > MaxDocuments || characters > MaxCharacters)
            {
                var last = used.Last!.Value;
                used.RemoveLast();
                byHash.Remove(last.Hash);
                characters -= last.Length;
            }
        }
    }

    private sealed record Entry(string Hash, GraphQLDocument Document, int Length);
}

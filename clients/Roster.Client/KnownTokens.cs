namespace Roster.Client;

/// <summary>
/// What this client has to read at least. An answer's token covers those that its request carried and takes their place;
/// writes that ran side by side leave one each, which are sent together.
/// </summary>
internal sealed class KnownTokens
{
    // A header has to fit: so many writes at once, on so many states of the store, are no case of one client.
    private const int Most = 128;

    private readonly Lock gate = new();
    private readonly List<string> tokens = [];

    /// <summary>What to send; empty for nothing.</summary>
    public string[] Current()
    {
        lock (gate)
        {
            return [.. tokens];
        }
    }

    /// <summary>A token came.</summary>
    /// <param name="carried">What its request carried.</param>
    /// <param name="received">The token.</param>
    public void Replace(string[] carried, string received)
    {
        lock (gate)
        {
            tokens.RemoveAll(token => carried.Contains(token));
            if (received.Length > 0 && !tokens.Contains(received))
            {
                tokens.Add(received);
            }

            if (tokens.Count > Most)
            {
                tokens.RemoveAt(0);
            }
        }
    }
}

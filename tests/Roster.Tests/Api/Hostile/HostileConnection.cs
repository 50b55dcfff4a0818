using System.Net.Sockets;
using System.Text;
using Roster.Tests.Api.BadInput;

namespace Roster.Tests.Api.Hostile;

/// <summary>A connection that stays open between bytes, for clients that take their time or leave in the middle.</summary>
internal sealed class HostileConnection : IDisposable
{
    /// <summary>A guard against hanging, far above all limits of the server.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Above the patience with imports.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(5);

    private readonly Socket socket;

    private HostileConnection(Socket socket) => this.socket = socket;

    /// <summary>Connects.</summary>
    /// <param name="url">The server.</param>
    /// <param name="window">Bytes that the system takes in before somebody reads; its own choice if null.</param>
    public static async Task<HostileConnection> OpenAsync(Uri url, int? window = null)
    {
        var connection = new HostileConnection(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        if (window is { } bytes)
        {
            connection.socket.ReceiveBufferSize = bytes;
        }

        await connection.socket.ConnectAsync(url.Host, url.Port);
        return connection;
    }

    /// <summary>Sends characters as bytes of the same number; false when the server has closed.</summary>
    public async Task<bool> SendAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var bytes = Encoding.Latin1.GetBytes(text).AsMemory();
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, deadline.Token)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends the same over and over, with a pause, until the server has closed.</summary>
    /// <returns>The bytes that it took.</returns>
    public async Task<long> SendUntilClosedAsync(string text, TimeSpan pause)
    {
        using var deadline = new CancellationTokenSource(Patience);
        for (var sent = 0L; ; sent += text.Length)
        {
            if (!await SendAsync(text))
            {
                return sent;
            }

            await Task.Delay(pause, deadline.Token);
        }
    }

    /// <summary>Says that nothing more will be sent, and goes on listening.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves without a word: RST instead of FIN.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Dispose();
    }

    /// <summary>All answers until the server closes.</summary>
    public Task<IReadOnlyList<Answer>> AnswersAsync() => AnswersAsync(int.MaxValue);

    /// <summary>As many answers as asked for, or fewer if the server closes.</summary>
    public async Task<IReadOnlyList<Answer>> AnswersAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await ReceiveAsync(buffer, deadline.Token);
            received.Write(buffer, 0, read);
            if (read == 0 || count < int.MaxValue)
            {
                var answers = Responses.In(received.ToArray(), ended: read == 0);
                if (read == 0 || answers.Count >= count)
                {
                    return answers;
                }
            }
        }
    }

    /// <summary>Waits until a text came.</summary>
    /// <exception cref="InvalidOperationException">The server closed before it did; with what came instead.</exception>
    public async Task ReceivedAsync(string text)
    {
        using var deadline = new CancellationTokenSource(LongPatience);
        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!received.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await ReceiveAsync(buffer, deadline.Token);
            received.Append(Encoding.Latin1.GetString(buffer, 0, read));
            if (read == 0)
            {
                throw new InvalidOperationException($"Instead of \"{text}\" came: {received}");
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);
        }
        catch (SocketException)
        {
            // Reset behind the answer, as what was sent was not all read.
            return 0;
        }
    }
}

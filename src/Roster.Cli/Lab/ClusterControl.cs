using System.Net.Sockets;
using Roster.Lab;

namespace Roster.Cli.Lab;

/// <summary>
/// How another terminal breaks and mends members of a running lab: a socket in the lab's folder, which only its user can
/// use. A request is one line, <c>verb TAB name</c>; the answer is <c>ok</c> or <c>no</c>, and sentences.
/// </summary>
internal static class ClusterControl
{
    private const string Ok = "ok";

    /// <summary>The file in the lab's folder.</summary>
    public static string SocketIn(string folder) => Path.Combine(folder, LabFolder.ControlName);

    /// <summary>Answers one request after the other, until it is cancelled.</summary>
    /// <param name="folder">The lab's folder.</param>
    /// <param name="members">Those that can be named.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ServeAsync(string folder, IReadOnlyList<ClusterMember> members, CancellationToken cancellation)
    {
        var path = SocketIn(folder);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen();
        while (true)
        {
            using var connection = await listener.AcceptAsync(cancellation);
            try
            {
                await AnswerAsync(connection, members);
            }
            catch (IOException)
            {
                // The other terminal has gone; what it asked for is done.
            }
        }
    }

    /// <summary>Asks the lab of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verb"><c>kill</c>, for example.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="cancellation">Ends the waiting, not what is done.</param>
    /// <returns>What the lab says.</returns>
    /// <exception cref="VerbException">There is no lab, or it refuses.</exception>
    public static async Task<string> AskAsync(string folder, string verb, string name, CancellationToken cancellation)
    {
        if (LabFolder.ProcessOf(folder) is null || !File.Exists(SocketIn(folder)))
        {
            throw new VerbException($"No lab is up in {folder}.");
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketIn(folder)), cancellation);
            await using var stream = new NetworkStream(socket);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            await writer.WriteLineAsync($"{verb}\t{name}".AsMemory(), cancellation);
            using var reader = new StreamReader(stream);
            var isOk = await reader.ReadLineAsync(cancellation) == Ok;
            var said = (await reader.ReadToEndAsync(cancellation)).TrimEnd();
            return isOk ? said : throw new VerbException(said.Length > 0 ? said : $"The lab in {folder} ended meanwhile.");
        }
        catch (SocketException)
        {
            throw new VerbException($"The lab in {folder} does not answer.");
        }
    }

    private static async Task AnswerAsync(Socket connection, IReadOnlyList<ClusterMember> members)
    {
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream);
        if (await reader.ReadLineAsync() is not { } line || line.Split('\t') is not [var verb, var name])
        {
            return;
        }

        try
        {
            var said = await DoAsync(verb, name, members);
            await writer.WriteAsync($"{Ok}\n{said}\n");
        }
        catch (LabException refused)
        {
            await writer.WriteAsync($"no\n{refused.Message}\n");
        }
    }

    private static async Task<string> DoAsync(string verb, string name, IReadOnlyList<ClusterMember> members)
    {
        if (verb == "status")
        {
            return string.Join('\n', members.Select(member => $"{member.Name}\t{member.Address}\t{member.ProcessId}\t{member.State}"));
        }

        var member = members.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new LabException($"The lab has no member \"{name}\". It has: {string.Join(", ", members.Select(member => member.Name))}.");
        return verb switch
        {
            "kill" => await member.KillAsync(),
            "kill-postmaster" => member.KillPostmaster(),
            "pause" => member.Pause(),
            "resume" => member.Resume(),
            "start" => await member.StartAsync(),
            _ => throw new LabException($"The lab does not know \"{verb}\": it is of another version."),
        };
    }
}

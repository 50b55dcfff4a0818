using System.CommandLine;
using System.Globalization;
using Roster.Cli.Lab;

namespace Roster.Cli.Verbs;

/// <summary>What one can do to members of a running lab from another terminal: <c>roster lab kill "shard 0"</c>.</summary>
internal static class LabMemberVerbs
{
    private const string KillVerb = "kill";

    private static readonly Argument<string[]> Name = new("NAME")
    {
        Description = "The member, as the lab's table names it: shard 0 replica 1",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Status()
    {
        var verb = new Command("status", "Says how the members of a running lab are") { LabVerb.Folder };
        verb.SetAction(async (parsed, cancellation) =>
        {
            Line("NAME", "ADDRESS", "PID", "STATE");
            foreach (var line in (await AskAsync(parsed, "status", string.Empty, cancellation)).Split('\n'))
            {
                var parts = line.Split('\t');
                Line(parts[0], parts[1], parts[2], parts[3]);
            }

            return 0;
        });
        return verb;
    }

    public static Command Kill()
    {
        var postmaster = new Option<bool>("--postmaster") { Description = "Under Patroni: only PostgreSQL's first process, and Patroni goes on; else both, as a machine dies" };
        var verb = new Command(KillVerb, "Kills a member with all its processes (kill -9)") { Name, postmaster, LabVerb.Folder };
        verb.SetAction((parsed, cancellation) => DoAsync(parsed, parsed.GetValue(postmaster) ? "kill-postmaster" : KillVerb, cancellation));
        return verb;
    }

    public static Command Pause() => Verb("pause", "Stops all processes of a member where they are, as a machine that hangs does (SIGSTOP)");

    public static Command Resume() => Verb("resume", "Lets a paused member go on (SIGCONT)");

    public static Command Start() => Verb("start", "Starts a member that ended, on the data it had");

    private static Command Verb(string name, string description)
    {
        var verb = new Command(name, description) { Name, LabVerb.Folder };
        verb.SetAction((parsed, cancellation) => DoAsync(parsed, name, cancellation));
        return verb;
    }

    private static async Task<int> DoAsync(ParseResult parsed, string verb, CancellationToken cancellation)
    {
        Console.WriteLine(await AskAsync(parsed, verb, string.Join(' ', parsed.GetValue(Name)!), cancellation));
        return 0;
    }

    private static Task<string> AskAsync(ParseResult parsed, string verb, string name, CancellationToken cancellation) =>
        ClusterControl.AskAsync(Path.GetFullPath(parsed.GetValue(LabVerb.Folder)!), verb, name, cancellation);

    private static void Line(string name, string address, string process, string state) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18}  {address,-22}  {process,7}  {state}"));
}

using System.Globalization;

namespace Roster.Cli.Lab;

/// <summary>What runs where, for people: a line for each member as soon as it is ready.</summary>
internal sealed class ClusterTable(TextWriter output)
{
    private bool hasHead;

    /// <summary>Writes a member's line.</summary>
    public void Add(ClusterMember member)
    {
        if (!hasHead)
        {
            hasHead = true;
            Line("NAME", "ADDRESS", "PID", "LOG");
        }

        Line(member.Name, member.Address, member.ProcessId.ToString(CultureInfo.InvariantCulture), member.LogFile);
    }

    /// <summary>Writes a request that works.</summary>
    public void End(Cluster cluster)
    {
        output.WriteLine("Try:");
        output.WriteLine(
            $"  curl -s {cluster.Address}users -H \"Authorization: Bearer $(cat {cluster.KeyFile})\" -H 'Content-Type: application/json' -d '{{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\"}}'");
        output.WriteLine($"Mails of sign-ups are in {cluster.Mails}.{(cluster.WithoutKafka is { } why ? $" Kafka is left out: {why}" : string.Empty)}");
        output.WriteLine("roster lab kill, pause, resume and start break and mend a member by its name; roster lab status says how they are.");
        output.WriteLine("Ctrl-C or roster lab down ends it all and removes its folder.");
    }

    private void Line(string name, string address, string process, string log) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18}  {address,-22}  {process,7}  {log}"));
}

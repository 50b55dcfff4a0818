using System.Globalization;

namespace Roster.Cli.Lab;

/// <summary>What runs where, for people.</summary>
internal static class ClusterTable
{
    /// <summary>Writes a line for each member, and a request that works.</summary>
    public static void Show(Cluster cluster, TextWriter output)
    {
        Line("ROLE", "ADDRESS", "PID", "LOG");
        foreach (var (shard, i) in cluster.Shards.Select((shard, i) => (shard, i)))
        {
            Line($"shard {i}", $"127.0.0.1:{shard.Port}", Text(shard.ProcessId), shard.LogFile);
        }

        foreach (var (bouncer, i) in cluster.Bouncers.Select((bouncer, i) => (bouncer, i)))
        {
            Line($"pgbouncer {i}", $"127.0.0.1:{bouncer.Port}", Text(bouncer.ProcessId), bouncer.LogFile);
        }

        foreach (var (node, i) in cluster.Nodes.Select((node, i) => (node, i + 1)))
        {
            Line($"node {i}", node.Address.ToString().TrimEnd('/'), Text(node.ProcessId), node.LogFile);
        }

        output.WriteLine("Try:");
        output.WriteLine(
            $"  curl -s {cluster.Nodes[0].Address}users -H \"Authorization: Bearer $(cat {cluster.KeyFile})\" -H 'Content-Type: application/json' -d '{{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\"}}'");
        output.WriteLine("Ctrl-C or roster lab down ends it all and removes its folder.");

        void Line(string role, string address, string process, string log) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{role,-11}  {address,-22}  {process,7}  {log}"));

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

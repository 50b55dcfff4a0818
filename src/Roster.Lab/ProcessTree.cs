using System.Globalization;

namespace Roster.Lab;

/// <summary>A process and all that descends from it (Linux), stopped as a machine that hangs, or ended as one that loses power.</summary>
public static class ProcessTree
{
    /// <summary>Stops it until <see cref="Resume"/>. The first process goes first, so that it starts no more; those that it
    /// started meanwhile are found by looking again.</summary>
    /// <exception cref="LabException">It has ended.</exception>
    public static void Pause(int first)
    {
        HashSet<int> stopped = [];
        for (var found = Of(first); found.Exists(stopped.Add); found = Of(first))
        {
            foreach (var id in found)
            {
                stopped.Add(id);
                SendTo(id, first, Signal.Stop);
            }
        }
    }

    /// <summary>Lets it go on.</summary>
    /// <exception cref="LabException">It has ended.</exception>
    public static void Resume(int first) => Send(first, Signal.Continue);

    /// <summary>Ends it at once: it is stopped before, so that none of it acts on the death of another.</summary>
    /// <exception cref="LabException">It has ended.</exception>
    public static void Kill(int first)
    {
        Pause(first);
        Send(first, Signal.Kill);
    }

    /// <summary>Ids of a process and its descendants, each after the one that started it.</summary>
    public static List<int> Of(int first)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: ParentOf(id)))
            .ToLookup(process => process.Parent, process => process.Id);
        List<int> tree = [first];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    private static void Send(int first, int signal)
    {
        var tree = Of(first);
        tree.Reverse();
        tree.ForEach(id => SendTo(id, first, signal));
    }

    /// <summary>A descendant may end by itself meanwhile.</summary>
    private static void SendTo(int id, int first, int signal)
    {
        try
        {
            Signal.Send(id, signal);
        }
        catch (LabException) when (id != first)
        {
            // It has ended.
        }
    }

    /// <summary>The second field behind the name, which may hold anything (proc(5)); 0 for what has ended.</summary>
    private static int ParentOf(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

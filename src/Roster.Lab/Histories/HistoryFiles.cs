using System.Globalization;
using System.Text.Json;

namespace Roster.Lab.Histories;

/// <summary>Histories in files of JSON lines.</summary>
public static class HistoryFiles
{
    /// <summary>Reads the logs of all clients, and the final state, as one history.</summary>
    /// <exception cref="HistoryFormatException">A line is none of a history's.</exception>
    public static async Task<History> ReadAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        List<HistoryLine> lines = [];
        foreach (var path in paths)
        {
            var number = 0;
            await foreach (var line in File.ReadLinesAsync(path, cancellation))
            {
                number++;
                if (line.Length > 0)
                {
                    lines.Add(Read(line, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}:{number}")));
                }
            }
        }

        return new History([.. lines.OfType<Operation>()], [.. lines.OfType<FinalWrite>()], [.. lines.OfType<FinalOwner>()]);
    }

    /// <summary>Writes a history.</summary>
    public static Task WriteAsync(string path, History history, CancellationToken cancellation) => File.WriteAllLinesAsync(
        path,
        history.Operations.OrderBy(operation => operation.Invoked).Concat<HistoryLine>(history.Final).Concat(history.Owners).Select(HistoryJson.Write),
        cancellation);

    private static HistoryLine Read(string line, string source)
    {
        try
        {
            return HistoryJson.Read(line) with { Source = source };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new HistoryFormatException($"{source} is no line of a history: {e.Message}", e);
        }
    }
}

// Draws results of `roster bench --json`: see bench/plot.
using Plot;

try
{
    return Drawing.Run(args);
}
catch (Exception e) when (e is IOException or System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

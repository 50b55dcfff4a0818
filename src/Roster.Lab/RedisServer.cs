using System.Globalization;
using System.Security.Cryptography;

namespace Roster.Lab;

/// <summary>
/// A real Redis on loopback, with a password and nothing on disk but its log: after a restart it is empty. It ends, and its
/// folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class RedisServer : ServerProcess
{
    private const string Program = "/usr/bin/redis-server";

    private readonly string[] settings;
    private readonly string password = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private RedisServer(string folder, string[] settings)
        : base("redis-server", folder, Signal.Terminate) => this.settings = settings;

    /// <summary>StackExchange.Redis's configuration, password included.</summary>
    public string Configuration => $"127.0.0.1:{Text(Port)},password={password}";

    private string Settings => Path.Combine(Folder, "redis.conf");

    /// <summary>Makes and starts one.</summary>
    /// <param name="settings">Lines of its settings, after the lab's own.</param>
    /// <exception cref="LabException">Redis is not installed, or did not start.</exception>
    public static Task<RedisServer> StartAsync(params string[] settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-redis-").FullName, settings);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">Lines of its settings, after the lab's own.</param>
    /// <exception cref="LabException">Redis is not installed, or did not start.</exception>
    public static Task<RedisServer> StartInAsync(string folder, params string[] settings)
    {
        var server = new RedisServer(folder, settings);
        return StartFirstAsync(server, () =>
        {
            CheckInstalled();
            return LabCommand.RunAsync("chmod", "0700", folder);
        });
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">Redis is not installed.</exception>
    public static void CheckInstalled() => CheckInstalled(Program, "redis-server");

    /// <summary>The password stands in a folder that only this user can look into, and on no command line.</summary>
    protected override string[] Command(int port)
    {
        File.WriteAllLines(Settings, [
            "bind 127.0.0.1",
            $"port {Text(port)}",
            $"dir {Folder}",
            "daemonize no",
            "save \"\"",
            "appendonly no",
            $"requirepass {password}",
            .. settings]);
        return [Program, Settings];
    }

    /// <summary>Said once it listens; without its port it ends.</summary>
    protected override Task<bool> IsUpAsync() => Task.FromResult(LogOfThisRun.Contains("Ready to accept connections", StringComparison.Ordinal));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

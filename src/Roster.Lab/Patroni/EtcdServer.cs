using System.Globalization;

namespace Roster.Lab.Patroni;

/// <summary>
/// A real etcd on loopback, where Patroni keeps who leads. Anybody on the machine can write to it: it is for a lab only. It
/// ends, and its folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class EtcdServer : ServerProcess
{
    private const string Program = "/usr/bin/etcd";

    private readonly int peers = LoopbackPorts.Free();

    private EtcdServer(string folder)
        : base("etcd", folder, Signal.Terminate)
    {
    }

    /// <summary>Makes and starts one.</summary>
    /// <exception cref="LabException">etcd is not installed, or did not start.</exception>
    public static Task<EtcdServer> StartAsync() => StartInAsync(Directory.CreateTempSubdirectory("roster-etcd-").FullName);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <exception cref="LabException">etcd is not installed, or did not start.</exception>
    public static Task<EtcdServer> StartInAsync(string folder) => StartFirstAsync(new EtcdServer(folder), () =>
    {
        CheckInstalled();
        return Task.CompletedTask;
    });

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">etcd is not installed.</exception>
    public static void CheckInstalled() => CheckInstalled(Program, "etcd-server");

    /// <inheritdoc/>
    protected override string[] Command(int port) =>
    [
        Program, "--name=lab", $"--data-dir={Path.Combine(Folder, "data")}", "--logger=zap", "--enable-v2",
        $"--listen-client-urls={At(port)}", $"--advertise-client-urls={At(port)}",
        $"--listen-peer-urls={At(peers)}", $"--initial-advertise-peer-urls={At(peers)}", $"--initial-cluster=lab={At(peers)}",
    ];

    /// <inheritdoc/>
    protected override Task<bool> IsUpAsync() => LoopbackHttp.IsOkAsync(new Uri($"{At(Port)}/health"), CancellationToken.None);

    private static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}

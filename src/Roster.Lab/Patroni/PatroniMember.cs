using System.Globalization;

namespace Roster.Lab.Patroni;

/// <summary>
/// A real Patroni with the PostgreSQL server it runs, on loopback. Both end, and their folder goes, with the process that
/// started them, however that ends; PostgreSQL is no child of Patroni and outlives a killed one, as it does elsewhere.
/// </summary>
public sealed class PatroniMember : ServerProcess
{
    private const string Program = "/usr/bin/patroni";

    private readonly PatroniOptions options;

    private PatroniMember(string folder, int etcdPort, string password, PatroniOptions options)
        : base("Patroni", folder, Signal.Terminate)
    {
        this.options = options;
        EtcdPort = etcdPort;
        Password = password;
    }

    /// <summary>Its name in its cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Its cluster's name in etcd.</summary>
    public required string Scope { get; init; }

    /// <summary>Where Patroni itself answers, on 127.0.0.1 (its REST API; changes need the password).</summary>
    public int RestPort { get; } = LoopbackPorts.Free();

    /// <summary>Id of its PostgreSQL's first process; null when none runs.</summary>
    public int? PostmasterId => Postmaster.Of(Data);

    /// <summary>Its settings, which <c>patronictl -c</c> takes; only its account can read them.</summary>
    public string SettingsFile => Path.Combine(Folder, "patroni.yml");

    internal string Password { get; }

    internal int EtcdPort { get; }

    internal string Data => Path.Combine(Folder, "data");

    /// <summary>Both: of a machine that wakes, PostgreSQL may go on before Patroni does.</summary>
    protected override IEnumerable<int> Trees => PostmasterId is { } postmaster ? [ProcessId, postmaster] : [ProcessId];

    /// <summary>Makes and starts one: the first of a cluster makes its database, the others copy it.</summary>
    /// <param name="folder">A folder of its own, which is empty and goes with it.</param>
    /// <param name="name">Its name in the cluster.</param>
    /// <param name="scope">The cluster's name.</param>
    /// <param name="etcd">Where the cluster keeps who leads.</param>
    /// <param name="password">Of the account <c>postgres</c>, the same for all members.</param>
    /// <param name="options">How the cluster behaves; the first member's count.</param>
    /// <exception cref="LabException">Patroni is not installed, or did not start.</exception>
    public static Task<PatroniMember> StartInAsync(
        string folder, string name, string scope, EtcdServer etcd, string password, PatroniOptions options) =>
        StartFirstAsync(new PatroniMember(folder, etcd.Port, password, options) { Name = name, Scope = scope }, async () =>
        {
            CheckInstalled();
            await PostgresAccount.TakeAsync(folder);
        });

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">Patroni, or PostgreSQL 15, is not installed.</exception>
    public static void CheckInstalled()
    {
        PostgresServer.CheckInstalled();
        CheckInstalled(Program, "patroni");
    }

    /// <summary>Npgsql's connection string of a database.</summary>
    public string ConnectionStringOf(string database) => ConnectionString(Port, database);

    /// <summary>Its line in a password file.</summary>
    public string PasswordLine => PostgresAccount.PasswordLine(Port, Password);

    /// <summary>Kills PostgreSQL's first process; the others notice, and Patroni does what it does then.</summary>
    /// <exception cref="LabException">None runs.</exception>
    public void KillPostmaster() =>
        Signal.Send(PostmasterId ?? throw new LabException($"{Name} of {Scope} has no PostgreSQL running."), Signal.Kill);

    /// <summary>Ends the pause of PostgreSQL alone: a zombie that nothing tells that another leads by now.</summary>
    /// <exception cref="LabException">None runs.</exception>
    public void ResumePostgres() =>
        ProcessTree.Resume(PostmasterId ?? throw new LabException($"{Name} of {Scope} has no PostgreSQL running."));

    /// <summary>The same account at another port.</summary>
    internal string ConnectionString(int port, string database) => PostgresAccount.ConnectionString(port, Password, database);

    /// <inheritdoc/>
    protected override string[] Command(int port)
    {
        File.WriteAllText(SettingsFile, PatroniSettings.Of(this, port, options));

        // Its helpers change to the folder it was started in, which its account may not enter: root's home, for example.
        return [.. PostgresAccount.Prefix, "env", $"--chdir={Folder}", Program, SettingsFile];
    }

    /// <summary>Patroni says so of its PostgreSQL, whichever part it plays.</summary>
    protected override Task<bool> IsUpAsync() => LoopbackHttp.IsOkAsync(
        new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RestPort}/health")), CancellationToken.None);
}

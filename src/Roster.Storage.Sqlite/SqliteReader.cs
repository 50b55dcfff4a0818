namespace Roster.Storage.Sqlite;

/// <summary>A reading connection with every question it can answer, prepared once.</summary>
internal sealed class SqliteReader(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement begin = database.Prepare("BEGIN");
    private readonly SqliteStatement end = database.Prepare("COMMIT");

    /// <summary>The connection.</summary>
    public SqliteDatabase Database => database;

    /// <summary>Questions about users.</summary>
    public UserReads Users { get; } = new(database);

    /// <summary>Questions about intents and claims.</summary>
    public IntentReads Intents { get; } = new(database);

    /// <summary>Questions about posts.</summary>
    public PostReads Posts { get; } = new(database);

    /// <summary>Questions about streams.</summary>
    public EventReads Events { get; } = new(database);

    /// <summary>Questions about the outbox and idempotency.</summary>
    public OutboxReads Outbox { get; } = new(database);

    /// <summary>Questions about control data.</summary>
    public ControlReads Control { get; } = new(database);

    /// <summary>Questions about readers and consumers.</summary>
    public ProgressReads Progress { get; } = new(database);

    /// <summary>Questions of rebuilding.</summary>
    public LedgerReads Ledgers { get; } = new(database);

    /// <summary>Answers from one snapshot.</summary>
    public T Read<T>(Func<SqliteReader, T> read)
    {
        begin.Run();
        try
        {
            var answer = read(this);
            end.Run();
            return answer;
        }
        finally
        {
            database.RollBack();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => database.Dispose();
}

using Microsoft.Extensions.Time.Testing;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Users;

/// <summary>Every use case of users over one store in memory, with a place for faults.</summary>
internal sealed class UseCases
{
    public static readonly Caller Key = new(TenantId.Default, "key:test", SeesDeleted: false);
    public static readonly Caller Stranger = new(new TenantId("other"), "key:other", SeesDeleted: true);

    public UseCases()
    {
        Store = new FaultyStore(Memory);
        var ids = new IdFactory(Time);
        var recorder = new EventRecorder(ids, Time);
        var replay = new UserReplay(Store);
        Loop = new WriteLoop(Store);
        Writer = new UserWriter(Store, Loop, Placement, recorder, replay, Time);
        Register = new RegisterUser(Loop, Placement, ids, recorder, replay);
        Change = new ChangeUser(Writer);
        Suspend = new SuspendUser(Writer);
        Delete = new DeleteUser(Writer, Store);
        Find = new FindUsers(Store, Placement);
        Get = new GetUsers(Store);
        History = new ReadHistory(Store, Get);
    }

    public FakeTimeProvider Time { get; } = new(Streams.Start);

    public Placement Placement { get; } = new(new byte[Placement.SecretLength]);

    /// <summary>The store without faults.</summary>
    public MemoryStore Memory { get; } = new(SuiteEncoders.All);

    public FaultyStore Store { get; }

    public WriteLoop Loop { get; }

    public UserWriter Writer { get; }

    public RegisterUser Register { get; }

    public ChangeUser Change { get; }

    public SuspendUser Suspend { get; }

    public DeleteUser Delete { get; }

    public FindUsers Find { get; }

    public GetUsers Get { get; }

    public ReadHistory History { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IdempotencyKey KeyOf(string key, string body = "") =>
        IdempotencyKey.Of(key, "POST", "/users", System.Text.Encoding.UTF8.GetBytes(body));

    /// <summary>The state that a write led to.</summary>
    public static User StateOf(WriteResult<User> result) => Assert.IsType<WriteResult<User>.Done>(result).State;

    public async Task<User> SignUpAsync(string name, string email) =>
        StateOf(await Register.HandleAsync(new(name, email, null), Key, null, Cancellation));

    public ValueTask<WriteResult<User>> RenameAsync(User user, string name, IdempotencyKey? key = null) =>
        Change.HandleAsync(user.Id, new() { Name = name }, Key, key, Cancellation);

    public ValueTask<WriteResult<User>> MoveAsync(User user, string email) =>
        Change.HandleAsync(user.Id, new() { Email = email }, Key, null, Cancellation);

    public async Task<User?> OwnerOfAsync(string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var parsed, out _));
        var claim = new ClaimKey(Placement.BucketOf(TenantId.Default, parsed.Key), TenantId.Default, parsed.Key);
        return (await Memory.UserByEmailAsync(claim, ConsistencyToken.None, Cancellation))?.State;
    }

    public async Task<User> NowAsync(User user) => (await Memory.UserAsync(user.Id, ConsistencyToken.None, Cancellation))!.State;

    public async Task<IReadOnlyList<RecordedEvent>> EventsAsync(User user) =>
        await Memory.HistoryAsync(user.Id, 0, 1000, ConsistencyToken.None, Cancellation);
}

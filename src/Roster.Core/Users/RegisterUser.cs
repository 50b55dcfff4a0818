using System.Text.Json;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Text;

namespace Roster.Core.Users;

/// <summary>Signs a user up: the one use case that makes users, for the API and for imports.</summary>
public sealed class RegisterUser(WriteLoop loop, Placement placement, IdFactory ids, EventRecorder recorder, UserReplay replay)
{
    /// <summary>The HTTP status that a success is remembered with.</summary>
    public const int SuccessStatus = 201;

    /// <summary>What a client asks for; values as sent.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Email">The e-mail.</param>
    /// <param name="Attributes">The attributes, if any.</param>
    /// <param name="Source">Where from, when not a sign-up: <c>import</c>.</param>
    public sealed record Request(string? Name, string? Email, JsonElement? Attributes, string? Source = null)
    {
        /// <summary>What was found wrong while reading it; the rules add theirs, so that a client learns all at once.</summary>
        public ValidationErrors Errors { get; init; } = new();
    }

    /// <summary>Signs up, or says why not. With a key, a repeated request gets the first answer.</summary>
    /// <exception cref="StoreBusyException">Neither did it commit nor was a first answer found, again and again.</exception>
    public async ValueTask<WriteResult<User>> HandleAsync(
        Request request, Caller caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        var errors = new ValidationErrors(request.Errors);
        if (Decide(request, errors, out var email) is not { } signedUp)
        {
            return new WriteResult<User>.Invalid(errors);
        }

        var claim = new ClaimKey(placement.BucketOf(caller.Tenant, email.Key), caller.Tenant, email.Key);
        return await loop.RunAsync(
            claim.Bucket,
            _ => ValueTask.FromResult(AttemptOf(signedUp, claim, caller, key)),
            stop => replay.FindAsync(claim.Bucket, caller, key, stop),
            "The sign-up met too many others at once.",
            cancellation);
    }

    private Attempt<User> AttemptOf(SignedUp signedUp, ClaimKey claim, Caller caller, IdempotencyKey? key)
    {
        var change = ChangeOf(new UserId(ids.Next(claim.Bucket)), signedUp, claim, caller, key);
        return new Attempt<User>.Ready(change, change.Next!);
    }

    /// <summary>The event that a valid request leads to; null, with the errors, for an invalid one. Pure.</summary>
    private static SignedUp? Decide(Request request, ValidationErrors errors, out EmailAddress email)
    {
        UserRules.CheckName(request.Name, errors);
        UserRules.TryEmail(request.Email, errors, out var parsed);
        var attributes = UserRules.TakeAttributes(request.Attributes, errors);
        email = parsed!;
        return errors.None ? new SignedUp(request.Name!, email.Given, attributes, request.Source) : null;
    }

    private Change ChangeOf(UserId id, SignedUp signedUp, ClaimKey claim, Caller caller, IdempotencyKey? key)
    {
        var events = recorder.Record(id, null, version: 1, caller.Actor, [signedUp]);
        var user = UserFold.Apply(null, events[0], caller.Tenant);
        return new Change
        {
            User = id,
            ExpectedSequence = 0,
            Next = user,
            Events = events,
            Claims = [new ClaimWrite(claim, Take: true)],
            Idempotency = key?.RecordOf(caller, id, user.Version, SuccessStatus, user.CreatedAt),
        };
    }
}

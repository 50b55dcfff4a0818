using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Microsoft.Extensions.Logging;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>Runs operations: parses or remembers, holds the limits, validates what is new, executes.</summary>
internal sealed partial class GraphExecuter(FindUsers find, UserWrites users, PostWrites posts, ILogger<GraphExecuter> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly ParserOptions Parsing = new() { MaxDepth = QueryLimits.MaxNesting, Ignore = IgnoreOptions.Comments };

    // Built at the first query: a server that answers none pays nothing for it.
    private readonly Lazy<Schema> schema = new(() => GraphSchema.Build(find, users, posts));
    private readonly DocumentExecuter executer = new(
        new GraphQLDocumentBuilder(), new DocumentValidator(), new DefaultExecutionStrategySelector([new(new ParallelExecutionStrategy(), OperationType.Subscription)]), []);

    /// <summary>Documents that were found valid.</summary>
    public DocumentCache Documents { get; } = new();

    /// <summary>The document of a request; the second is its hash, the third whether it was known to be valid.</summary>
    /// <exception cref="RefusedQuery">There is none, or it is no GraphQL, or beyond a limit.</exception>
    public (GraphQLDocument Document, string Hash, bool IsKnown) Read(GraphRequest request)
    {
        if (request.Query is not { } text)
        {
            return request.PersistedHash is not { } asked ? throw new RefusedQuery("NO_QUERY", "query is missing.")
                : Documents.Find(asked) is { } found ? (found, asked, true)
                : throw new RefusedQuery("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
        }

        if (text.Length > QueryLimits.MaxQuery)
        {
            throw new RefusedQuery("TOO_LONG", $"The query has more than {QueryLimits.MaxQuery:N0} characters.");
        }

        var hash = DocumentCache.HashOf(text);
        if (request.PersistedHash is { } sent && sent != hash)
        {
            throw new RefusedQuery("PERSISTED_QUERY_MISMATCH", "sha256Hash is not the SHA-256 of query.");
        }

        return Documents.Find(hash) is { } known ? (known, hash, true) : (Parse(text), hash, false);
    }

    /// <summary>Executes; errors are in the result.</summary>
    public async Task<ExecutionResult> RunAsync(GraphRequest request, Asking asking, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            var (document, hash, isKnown) = Read(request);
            QueryLimits.Check(document, request.Variables, asking.Identity.Granted, asking.Identity.Caller);
            var result = await executer.ExecuteAsync(new ExecutionOptions
            {
                Schema = schema.Value,
                Query = request.Query,
                Document = document,
                ValidationRules = isKnown ? [] : DocumentValidator.CoreRules,
                OperationName = request.Operation,
                Variables = request.Variables,
                UserContext = asking,
                CancellationToken = limit.Token,
                UnhandledExceptionDelegate = context => Told(context, asking),
            });
            if (result.Executed && !isKnown)
            {
                Documents.Add(hash, document, request.Query?.Length ?? 0);
            }

            return result;
        }
        catch (RefusedQuery refused)
        {
            return new ExecutionResult { Errors = [new ExecutionError(refused.Message) { Code = refused.Code }] };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ExecutionResult { Errors = [new ExecutionError($"The query took more than {Patience.TotalSeconds:N0} seconds.") { Code = "TIMEOUT" }] };
        }
    }

    private static GraphQLDocument Parse(string text)
    {
        try
        {
            return Parser.Parse(text, Parsing);
        }
        catch (Exception e) when (e is GraphQLParserException)
        {
            throw new RefusedQuery("SYNTAX_ERROR", e.Message.Split('\n')[0]);
        }
    }

    private Task Told(UnhandledExceptionContext context, Asking asking)
    {
        if (context.OriginalException is OutcomeUnknownException or StoreUnavailableException)
        {
            context.ErrorMessage = context.OriginalException.Message;
            context.Exception = new ExecutionError(context.ErrorMessage) { Code = context.OriginalException is OutcomeUnknownException ? "OUTCOME_UNKNOWN" : "UNAVAILABLE" };
        }
        else
        {
            LogFailure(context.OriginalException, asking.Identity.Caller.Actor);
            context.ErrorMessage = "Something went wrong here.";
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A GraphQL field failed for {Actor}")]
    private partial void LogFailure(Exception e, string actor);
}

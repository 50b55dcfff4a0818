using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Roster.Api.Auth;
using Roster.Api.Cors;
using Roster.Api.Docs;
using Roster.Api.Events;
using Roster.Api.GraphQL;
using Roster.Api.Health;
using Roster.Api.Http;
using Roster.Api.Keys;
using Roster.Api.Metrics;
using Roster.Api.Overload;
using Roster.Api.Posts;
using Roster.Api.RateLimits;
using Roster.Api.Realtime;
using Roster.Api.Users;
using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.RateLimits;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api;

/// <summary>The API as one thing to add to a host: services, limits, the order of middlewares, the endpoints.</summary>
public static class RosterApi
{
    /// <summary>Largest body in bytes; imports stream and have their own limits.</summary>
    public const long MaxBody = 1024 * 1024;

    /// <summary>How stores turn states into bodies.</summary>
    public static StateEncoders Encoders { get; } = new(UserJson.Encode, PostJson.Encode);

    /// <summary>How events leave.</summary>
    public static EventEncoder EventEncoder { get; } = CloudEventJson.Encode;

    /// <summary>Adds the API on a store that is open.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="store">Where users are; the host disposes it after the last request.</param>
    /// <param name="control">Where keys are.</param>
    /// <param name="progress">Where parked events are.</param>
    /// <param name="placement">Where users live.</param>
    /// <param name="auth">Who gets in beside the stored keys.</param>
    /// <param name="metrics">Where metrics are open, if anywhere.</param>
    /// <param name="origins">Whose pages may call it from a browser.</param>
    public static IServiceCollection AddRosterApi(
        this IServiceCollection services, IStore store, IControlStore control, IProgressStore progress, Placement placement, AuthOptions auth, MetricsOptions metrics, CrossOrigins origins)
    {
        services.AddSingleton(store).AddSingleton(control).AddSingleton(progress).AddSingleton(placement).AddSingleton(metrics).AddSingleton(origins);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IdFactory>().AddSingleton<EventRecorder>();
        services.AddSingleton<WriteLoop>().AddSingleton<UserReplay>().AddSingleton<UserWriter>();
        services.AddSingleton<RegisterUser>().AddSingleton<ChangeUser>().AddSingleton<DeleteUser>().AddSingleton<SuspendUser>();
        services.AddSingleton<GetUsers>().AddSingleton<FindUsers>().AddSingleton<ReadHistory>().AddSingleton<ImportUsers>();
        services.AddSingleton<PostReplay>().AddSingleton<PostWriter>();
        services.AddSingleton<PublishPost>().AddSingleton<ChangePost>().AddSingleton<DeletePost>().AddSingleton<GetPosts>();
        services.AddSingleton<ManageKeys>().AddSingleton<ReviewParked>();
        services.AddSingleton<UserWrites>().AddSingleton<PostWrites>().AddSingleton<GraphExecuter>();
        services.AddRosterAuth(control, auth);
        services.AddRosterEvents();
        services.AddCors();
        services.AddRosterMetrics();
        services.AddHostedService<ShardWatch>();
        services.AddRouting();
        services.Configure<KestrelServerOptions>(Limit);
        FramingMiddleware.RequireLineEnds();
        return services;
    }

    /// <summary>Puts middlewares and endpoints in place. One request goes: errors → framing → CORS → routing → authentication → rate limit, where one is set → shedding → consistency token → endpoint.</summary>
    public static WebApplication UseRosterApi(this WebApplication app)
    {
        app.UseMiddleware<ErrorMiddleware>();
        app.UseMiddleware<FramingMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
        app.UseMiddleware<MetricsListenerMiddleware>();
        app.UseCrossOrigins();
        app.UseRouting();
        app.UseMiddleware<AuthMiddleware>();
        if (app.Services.GetService<IRateLimit>() is not null)
        {
            app.UseMiddleware<RateLimitMiddleware>();
        }

        if (app.Services.GetService<LoadSignal>() is not null)
        {
            app.UseMiddleware<SheddingMiddleware>();
        }

        app.UseMiddleware<ConsistencyMiddleware>();
        app.MapUsers();
        app.MapPosts();
        app.MapEvents();
        app.MapGraph();
        app.MapKeys();
        app.MapParked();
        app.MapHealth();
        app.MapMetrics();
        app.MapDocs();
        app.MapSchemas();
        ((IEndpointRouteBuilder)app).RequireAccessOnEveryEndpoint();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBody;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);

        // Nothing here speaks another protocol.
        limits.MaxConcurrentUpgradedConnections = 0;

        // What a connection may send ahead of what is read of it; a MiB, the standard, would be 15 GB of all connections together.
        limits.MaxRequestBufferSize = 128 * 1024;
        limits.Http2.InitialConnectionWindowSize = 256 * 1024;
        limits.Http2.InitialStreamWindowSize = 128 * 1024;

        // At 240 B/s, the standard, a MiB could be an hour under way, and a page of users that nobody reads ten hours.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(30));

        // Every stream may hold a body in memory; a client with more to ask opens another connection.
        limits.Http2.MaxStreamsPerConnection = 100;

        // One header may fill half of what all of them may have.
        limits.Http2.MaxRequestHeaderFieldSize = 16 * 1024;

        // A peer that vanished without a word is noticed.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}

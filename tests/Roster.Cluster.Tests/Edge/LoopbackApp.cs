using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Lab;

namespace Roster.Cluster.Tests.Edge;

/// <summary>A web server of the test itself.</summary>
internal static class LoopbackApp
{
    /// <summary>Starts one on a free port.</summary>
    public static WebApplication Start(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{LoopbackPorts.Free()}");
        var app = builder.Build();
        app.Run(answer);
        app.Start();
        return app;
    }
}

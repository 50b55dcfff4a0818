using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Roster.Cli.Workers.Draining;

/// <summary>Says <c>Connection: close</c> in answers of HTTP/1.1 while a worker drains; HTTP/2 has GOAWAY, which Kestrel sends.</summary>
internal sealed class LastAnswers(Drain drain) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http =>
        {
            if (HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.OnStarting(CloseAsync, http);
            }

            return following(http);
        });
        next(app);
    };

    private Task CloseAsync(object state)
    {
        if (drain.HasBegun)
        {
            ((HttpContext)state).Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}

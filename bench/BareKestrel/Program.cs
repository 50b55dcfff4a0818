// The yardstick of bench/: the same web server and the same bytes, with nothing of Roster in between.
// Usage: BareKestrel URL FILE — answers GET /users/{id} with the bytes of FILE.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

var body = await File.ReadAllBytesAsync(args[1]);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
var app = builder.Build();
app.MapGet("/users/{id}", (HttpContext http) =>
{
    http.Response.ContentType = "application/json; charset=utf-8";
    http.Response.ContentLength = body.Length;
    http.Response.Headers.ETag = "\"1\"";
    return http.Response.Body.WriteAsync(body).AsTask();
});
await app.RunAsync();

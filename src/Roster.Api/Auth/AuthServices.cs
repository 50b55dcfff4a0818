using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Roster.Api.Auth.Failures;
using Roster.Api.Auth.Jwt;
using Roster.Api.Realtime.Tickets;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Api.Auth;

internal static class AuthServices
{
    /// <summary>Adds what <see cref="AuthMiddleware"/> needs; JWTs only where an issuer is set.</summary>
    public static void AddRosterAuth(this IServiceCollection services, IControlStore control, AuthOptions auth)
    {
        services.AddSingleton(auth);
        services.AddSingleton(provider => new KeyRing(control, provider.GetRequiredService<TimeProvider>(), auth.MaxKeyAge));
        services.AddHostedService<KeyRingRefresher>();
        services.AddSingleton<CredentialCheck>().AddSingleton<EventTickets>();
        services.AddSingleton<FailureLimit>().AddSingleton<AuthFailures>().AddSingleton<Authenticator>();
        if (auth.Jwt is { } jwt)
        {
            services.AddSingleton(jwt).AddSingleton<JwtReader>();
            services.AddSingleton(provider => new SigningKeys(
                jwt, auth.MaxKeyAge, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SigningKeys>>()));
            services.AddHostedService<SigningKeysRefresher>();
        }
    }
}

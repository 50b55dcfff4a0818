using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Roster.Api.Auth.Jwt;

/// <summary>
/// This node's copy of the issuer's public keys (OpenID Connect Discovery 1.0, RFC 7517). It outlives the issuer's
/// outage up to a maximum age; fetching is one at a time and never more often than <see cref="JwtOptions.Pause"/>.
/// </summary>
internal sealed partial class SigningKeys(JwtOptions options, TimeSpan maxAge, TimeProvider time, ILogger<SigningKeys> logger) : IDisposable
{
    private const int MinRsaBits = 2048;
    private const int MaxDocument = 1024 * 1024;

    /// <summary>A request may have to wait for this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = MaxDocument,
    };

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private Task fetching = Task.CompletedTask;
    private long? begun;
    private volatile Copy? copy;
    private volatile bool failed;

    /// <summary>The keys as of a moment.</summary>
    internal sealed record Copy(string Issuer, ILookup<string, SecurityKey> ById, long At)
    {
        /// <summary>The keys of a <c>kid</c>; a token without one fits an issuer that has one key.</summary>
        public IReadOnlyList<SecurityKey> Find(string? kid) =>
            !string.IsNullOrEmpty(kid) ? [.. ById[kid]] : ById.Count == 1 ? [.. ById.Single()] : [];
    }

    /// <summary>The keys; null while they were never fetched, or when they are too old to trust.</summary>
    public Copy? Current => copy is { } known && time.GetElapsedTime(known.At) <= maxAge ? known : null;

    /// <summary>Whether it is time to fetch them again.</summary>
    public bool AreDue => failed || copy is not { } known || time.GetElapsedTime(known.At) >= Min(options.RefreshAfter, maxAge / 2);

    /// <summary>How often <see cref="AreDue"/> is worth asking.</summary>
    public TimeSpan Pause => Min(options.Pause, maxAge / 4);

    /// <summary>Fetches them, or waits for the fetch under way; does nothing within the pause. Never throws.</summary>
    public Task RefreshAsync()
    {
        lock (gate)
        {
            if (!fetching.IsCompleted || (begun is { } last && time.GetElapsedTime(last) < Pause))
            {
                return fetching;
            }

            begun = time.GetTimestamp();
            return fetching = FetchAsync(begun.Value, stopping.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Cancel();
        http.Dispose();
        stopping.Dispose();
    }

    private async Task FetchAsync(long at, CancellationToken end)
    {
        await Task.Yield();
        try
        {
            var documents = new HttpDocumentRetriever(http)
            {
                RequireHttps = options.Authority.Scheme == Uri.UriSchemeHttps,
                SendAdditionalHeaderData = false,
            };
            var address = options.Authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration";
            copy = CopyOf(await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, end), at);
            failed = false;
        }
        catch (Exception e) when (!end.IsCancellationRequested)
        {
            // Whatever it is, API keys go on, and so do JWTs while the last keys are young enough.
            failed = true;
            LogFailed(options.Authority, e.GetBaseException().Message);
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The server has ended.
        }
    }

    private Copy CopyOf(OpenIdConnectConfiguration found, long at)
    {
        // OpenID Connect Discovery 1.0, 4.3: else any page of a host could speak for it.
        if (found.Issuer?.TrimEnd('/') != options.Authority.AbsoluteUri.TrimEnd('/'))
        {
            throw new InvalidDataException("Its discovery document names another issuer.");
        }

        var usable = found.SigningKeys.Where(IsUsable).ToLookup(key => key.KeyId ?? string.Empty, StringComparer.Ordinal);
        return usable.Count > 0 ? new Copy(found.Issuer, usable, at)
            : throw new InvalidDataException("It has no RSA key of 2048 bits or EC key to sign with.");
    }

    private static bool IsUsable(SecurityKey key) => key is RsaSecurityKey { KeySize: >= MinRsaBits } or ECDsaSecurityKey;

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signing keys of {Authority} could not be fetched: {Problem}")]
    private partial void LogFailed(Uri authority, string problem);
}

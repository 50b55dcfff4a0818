using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Roster.Tests.Api.Auth;

/// <summary>A real key pair that signs tokens byte by byte, without the library that is under test.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? ec;

    private SigningKey(string kid, RSA? rsa, ECDsa? ec) => (Kid, this.rsa, this.ec) = (kid, rsa, ec);

    public string Kid { get; }

    /// <summary>What it signs with when a test does not say.</summary>
    public string Algorithm => ec is null ? "RS256" : ec.KeySize == 521 ? "ES512" : $"ES{ec.KeySize}";

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public JsonObject Jwk => rsa is not null ? OfRsa(rsa.ExportParameters(false)) : OfEc(ec!.ExportParameters(false));

    /// <summary>The public half as anybody can have it: what an attacker would take for an HMAC secret.</summary>
    public string PublicPem => rsa!.ExportSubjectPublicKeyInfoPem();

    public static SigningKey NewRsa(string kid, int bits = 2048) => new(kid, RSA.Create(bits), null);

    public static SigningKey NewEc(string kid, ECCurve curve) => new(kid, null, ECDsa.Create(curve));

    /// <summary>A token in compact form (RFC 7515) over exactly this header and payload.</summary>
    public string Sign(JsonObject header, JsonObject payload) =>
        Sign(header.ToJsonString(), payload.ToJsonString(), header["alg"]!.GetValue<string>());

    /// <summary>The same over a header and a payload as they are written, be they JSON or not.</summary>
    public string Sign(string header, string payload, string algorithm)
    {
        var content = $"{Encode(header)}.{Encode(payload)}";
        return $"{content}.{Base64Url.EncodeToString(Signature(algorithm, Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>JSON in base64url.</summary>
    public static string Encode(JsonObject json) => Encode(json.ToJsonString());

    public void Dispose()
    {
        rsa?.Dispose();
        ec?.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private byte[] Signature(string algorithm, byte[] content)
    {
        var hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        return ec is not null ? ec.SignData(content, hash)
            : rsa!.SignData(content, hash, algorithm.StartsWith('P') ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private JsonObject OfRsa(RSAParameters key) => new()
    {
        ["kty"] = "RSA", ["use"] = "sig", ["kid"] = Kid,
        ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
    };

    private JsonObject OfEc(ECParameters key) => new()
    {
        ["kty"] = "EC", ["use"] = "sig", ["kid"] = Kid, ["crv"] = key.Q.X!.Length switch { 32 => "P-256", 48 => "P-384", _ => "P-521" },
        ["x"] = Base64Url.EncodeToString(key.Q.X), ["y"] = Base64Url.EncodeToString(key.Q.Y),
    };
}

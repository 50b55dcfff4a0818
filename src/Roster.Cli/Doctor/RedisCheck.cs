using Roster.Redis;

namespace Roster.Cli.Doctor;

/// <summary>The Redis that is set can be reached, and makes room when it is full.</summary>
internal sealed class RedisCheck : ICheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation)
    {
        if (patient.Settings.Redis is not { } options)
        {
            return [];
        }

        await using var connection = RedisConnection.Open(options, patient.Time);
        if (!await connection.IsReadyAsync(Patience, cancellation))
        {
            return [Finding.Wrong($"Redis ({options.Address}) cannot be reached, or refuses the password: everything works without it, only slower. Start it, or correct Roster:Redis.")];
        }

        var calls = new RedisCalls(connection, patient.Time);
        return await calls.MemoryAsync() is not { } memory ? [Finding.Wrong($"Redis ({options.Address}) takes connections, but does not answer within {options.Deadline.TotalMilliseconds:0} ms.")]
            : memory.MaxBytes == 0 ? [Finding.Note($"Redis ({options.Address}) answers; it has no maxmemory, so what it holds is bounded by Roster:Cache:Expiry only.")]
            : memory.IsEvicting ? [Finding.Ok($"Redis ({options.Address}) answers, and makes room when it is full.")]
            : [Finding.Note($"Redis ({options.Address}) answers, but takes nothing in once its maxmemory is reached: set maxmemory-policy to allkeys-lru.")];
    }
}

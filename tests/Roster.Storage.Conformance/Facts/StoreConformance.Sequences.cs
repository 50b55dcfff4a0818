using System.Globalization;
using CsCheck;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Roster.Storage.Conformance.Sequences;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    /// <summary>
    /// How many times as much the generated sequences and concurrent histories do: 1 takes seconds;
    /// <c>ROSTER_CONFORMANCE_FACTOR=100</c> is for a night.
    /// </summary>
    protected virtual int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ROSTER_CONFORMANCE_FACTOR"), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    [Fact]
    public async Task Generated_sequences_are_answered_as_the_model_answers_them() =>
        await Step.Sequences(longest: 60).SampleAsync(
            async steps =>
            {
                var fresh = await OpenAsync();
                try
                {
                    await new SequencePlayer(fresh, new MemoryStore(SuiteEncoders.All)).PlayAsync(steps, Cancel);
                }
                finally
                {
                    await fresh.Store.DisposeAsync();
                    await (fresh.CleanUp?.Invoke() ?? default);
                }
            },
            iter: 60 * Factor,
            threads: 1,
            print: steps => string.Join(Environment.NewLine, steps));
}

using System.Globalization;
using CsCheck;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Roster.Storage.Conformance.Sequences;
using Xunit;
using Xunit.Sdk;

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
    public async Task Generated_sequences_are_answered_as_the_model_answers_them()
    {
        IReadOnlyList<Step>? failing = null;
        Exception? first = null;
        try
        {
            await Step.Sequences(longest: 60).SampleAsync(
                async steps =>
                {
                    try
                    {
                        await PlayAsync(steps);
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        first ??= e;
                        failing = failing is { } shorter && shorter.Count <= steps.Length ? shorter : steps;
                        throw;
                    }
                },
                iter: 60 * Factor,
                threads: 1,
                print: _ => "");
        }
        catch (CsCheckException sample) when (failing is not null)
        {
            // The library only tries shorter samples; leaving out steps one by one gets much further.
            var smallest = await Shrinking.SmallestAsync(failing, async steps => await FailureAsync(steps) is not null);
            var failure = await FailureAsync(smallest);
            throw new XunitException(
                $"{failure?.Message ?? $"Failed once, then no more: {first}"}\nThe steps:\n{string.Join('\n', smallest)}\n{sample.Message.Split('\n')[0]}", failure ?? first);
        }
    }

    private async Task<Exception?> FailureAsync(IReadOnlyList<Step> steps)
    {
        try
        {
            await PlayAsync(steps);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e;
        }
    }

    private async Task PlayAsync(IReadOnlyList<Step> steps)
    {
        var fresh = await OpenAsync();
        try
        {
            await new SequencePlayer(fresh, new MemoryStore(SuiteEncoders.All, fresh.Store.Shards, fresh.ShardOf)).PlayAsync(steps, Cancel);
        }
        finally
        {
            await fresh.Store.DisposeAsync();
            await (fresh.CleanUp?.Invoke() ?? default);
        }
    }
}

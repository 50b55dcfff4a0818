using Roster.Core.Storage;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

/// <summary>What every control store does: inherit, and say how to open one and how to open the same data again.</summary>
public abstract partial class ControlStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The control store under test.</summary>
    protected IControlStore Control { get; private set; } = null!;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A fresh, empty control store.</summary>
    protected abstract Task<IControlStore> OpenAsync();

    /// <summary>Closes it and opens the same data; null when that cannot be done, with the reason in <see cref="WhyNotReopened"/>.</summary>
    protected abstract Task<IControlStore?> ReopenAsync();

    /// <summary>Closes it and removes what it left behind.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Why this store cannot be reopened; facts about durability are then skipped with it.</summary>
    protected virtual string? WhyNotReopened => null;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Control = await OpenAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }
}

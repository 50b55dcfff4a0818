using k8s;
using k8s.Models;

namespace Roster.Tests.Deploy.Kubernetes.Istio;

/// <summary>
/// As much of Istio's API as <c>deploy/k8s/overlays/istio</c> uses, written after its reference; a field that is not here is a
/// misspelt one, or belongs here.
/// </summary>
public abstract class Resource<TSpec> : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = string.Empty;

    public string Kind { get; set; } = string.Empty;

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = default!;
}

public sealed class PeerAuthentication : Resource<PeerAuthenticationSpec>;

public sealed record PeerAuthenticationSpec
{
    public WorkloadSelector? Selector { get; init; }

    public MutualTls? Mtls { get; init; }
}

public sealed record WorkloadSelector
{
    public Dictionary<string, string> MatchLabels { get; init; } = [];
}

public sealed record MutualTls
{
    public string? Mode { get; init; }
}

public sealed class AuthorizationPolicy : Resource<AuthorizationPolicySpec>;

public sealed record AuthorizationPolicySpec
{
    public WorkloadSelector? Selector { get; init; }

    public string? Action { get; init; }

    public List<AuthorizationRule> Rules { get; init; } = [];
}

public sealed record AuthorizationRule
{
    public List<RuleFrom> From { get; init; } = [];

    public List<RuleTo> To { get; init; } = [];
}

public sealed record RuleFrom
{
    public RuleSource? Source { get; init; }
}

public sealed record RuleSource
{
    public List<string> Namespaces { get; init; } = [];
}

public sealed record RuleTo
{
    public RuleOperation? Operation { get; init; }
}

public sealed record RuleOperation
{
    public List<string> Ports { get; init; } = [];
}

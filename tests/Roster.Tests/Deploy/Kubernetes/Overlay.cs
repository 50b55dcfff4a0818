using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Roster.Tests.Deploy.Kubernetes.Istio;
using Xunit;

namespace Roster.Tests.Deploy.Kubernetes;

/// <summary>What an overlay of <c>deploy/k8s</c> would apply: built by the real kubectl, read by Kubernetes' own models.</summary>
internal sealed class Overlay
{
    private const string Missing =
        "kubectl is not on the PATH, and only its kustomize can build deploy/k8s: install kubectl 1.27 or newer (Debian 12's kubernetes-client is too old).";

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/Service"] = typeof(V1Service),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["batch/v1/Job"] = typeof(V1Job),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["security.istio.io/v1/PeerAuthentication"] = typeof(PeerAuthentication),
        ["security.istio.io/v1/AuthorizationPolicy"] = typeof(AuthorizationPolicy),
        ["networking.istio.io/v1/DestinationRule"] = typeof(DestinationRule),
        ["networking.istio.io/v1/VirtualService"] = typeof(VirtualService),
    };

    /// <summary>As built; many tests look at the same ones.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Task<ToolAnswer>>> Built = new(StringComparer.Ordinal);

    private Overlay(IReadOnlyList<object> all) => All = all;

    /// <summary>Every overlay that there is.</summary>
    public static TheoryData<string> Names => ["single", "production", "istio", "blue-green/blue", "blue-green/green", "blue-green/shared"];

    public IReadOnlyList<object> All { get; }

    /// <summary>Every pod that it makes, by the name of what makes it.</summary>
    public IReadOnlyDictionary<string, V1PodTemplateSpec> Pods => Of<V1Deployment>().Select(made => (made.Metadata, made.Spec.Template))
        .Concat(Of<V1Job>().Select(made => (made.Metadata, made.Spec.Template)))
        .ToDictionary(made => made.Metadata.Name, made => made.Template, StringComparer.Ordinal);

    public static async Task<Overlay> BuildAsync(string name)
    {
        var built = await Built.GetOrAdd(name, _ => new(() =>
            Tool.RunAsync(Missing, new Dictionary<string, string>(), "kubectl", "kustomize", $"deploy/k8s/overlays/{name}"))).Value;
        Assert.True(built.Code == 0, built.Errors);
        return Read(built.Output);
    }

    /// <summary>Reads manifests; a field that the models do not know, or a kind, is an error.</summary>
    public static Overlay Read(string manifests) => new(KubernetesYaml.LoadAllFromString(manifests, Types, strict: true));

    public IEnumerable<T> Of<T>() => All.OfType<T>();

    /// <summary>Whether labels fit a selector.</summary>
    public static bool Fits(IDictionary<string, string>? selector, IDictionary<string, string> labels) =>
        selector is null || selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

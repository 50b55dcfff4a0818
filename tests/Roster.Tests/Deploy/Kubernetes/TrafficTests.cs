using System.Text.RegularExpressions;
using k8s.Models;
using Roster.Tests.Deploy.Kubernetes.Istio;
using Xunit;

namespace Roster.Tests.Deploy.Kubernetes;

/// <summary>Who reaches whom: services, budgets, autoscalers, network rules and the mesh's routes name what is there.</summary>
public sealed class TrafficTests
{
    public static TheoryData<string> Overlays => Overlay.Names;

    [Theory]
    [InlineData("single", "roster-api")]
    [InlineData("production", "roster-api")]
    [InlineData("istio", "roster-api")]
    [InlineData("blue-green/blue", "roster-api-blue")]
    [InlineData("blue-green/green", "roster-api-green")]
    public async Task A_service_reaches_the_nodes_and_nobody_else(string name, string nodes)
    {
        var overlay = await Overlay.BuildAsync(name);

        var service = Assert.Single(overlay.Of<V1Service>());
        Assert.Equal([nodes], overlay.Pods.Where(pod => Overlay.Fits(service.Spec.Selector, pod.Value.Metadata.Labels)).Select(pod => pod.Key));
        var port = Assert.Single(service.Spec.Ports).TargetPort.Value;
        Assert.Contains(overlay.Pods[nodes].Spec.Containers[0].Ports, named => named.Name == port);
    }

    [Theory]
    [InlineData("blue")]
    [InlineData("green")]
    public async Task The_shared_service_can_be_given_either_colour(string colour)
    {
        var service = Assert.Single((await Overlay.BuildAsync("blue-green/shared")).Of<V1Service>());
        var coloured = await Overlay.BuildAsync($"blue-green/{colour}");

        Assert.Equal("roster", service.Metadata.Name);
        service.Spec.Selector["roster.dev/colour"] = colour;
        Assert.Single(coloured.Pods, pod => Overlay.Fits(service.Spec.Selector, pod.Value.Metadata.Labels));
    }

    [Fact]
    public async Task The_colours_share_no_name_and_no_label()
    {
        var (blue, green) = (await Overlay.BuildAsync("blue-green/blue"), await Overlay.BuildAsync("blue-green/green"));

        Assert.Empty(NamesIn(blue).Intersect(NamesIn(green), StringComparer.Ordinal));
        Assert.All(blue.Of<V1Deployment>(), made => Assert.All(
            green.Pods.Values, pod => Assert.False(Overlay.Fits(made.Spec.Selector.MatchLabels, pod.Metadata.Labels))));
    }

    [Theory]
    [InlineData("production", 2)]
    [InlineData("istio", 2)]
    [InlineData("blue-green/blue", 1)]
    [InlineData("blue-green/green", 1)]
    [InlineData("blue-green/shared", 1)]
    public async Task At_most_one_pod_at_a_time_is_taken_away(string name, int budgets)
    {
        var overlay = await Overlay.BuildAsync(name);

        Assert.Equal(budgets, overlay.Of<V1PodDisruptionBudget>().Count());
        Assert.All(overlay.Of<V1PodDisruptionBudget>(), budget =>
        {
            Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
            Assert.Single(overlay.Pods.Values, pod => Overlay.Fits(budget.Spec.Selector.MatchLabels, pod.Metadata.Labels));
        });
        Assert.All(overlay.Of<V1Deployment>(), made => Assert.Equal("0", made.Spec.Strategy.RollingUpdate.MaxUnavailable.Value));
    }

    [Theory]
    [InlineData("production")]
    [InlineData("istio")]
    [InlineData("blue-green/blue")]
    [InlineData("blue-green/green")]
    public async Task Nodes_are_added_at_80_percent_of_their_processors(string name)
    {
        var overlay = await Overlay.BuildAsync(name);

        var scaler = Assert.Single(overlay.Of<V2HorizontalPodAutoscaler>());
        var metric = Assert.Single(scaler.Spec.Metrics);
        Assert.Equal(("cpu", 80), (metric.Resource.Name, metric.Resource.Target.AverageUtilization));
        Assert.True(scaler.Spec.MinReplicas >= 2);
        var scaled = Assert.Single(overlay.Of<V1Deployment>(), made => made.Metadata.Name == scaler.Spec.ScaleTargetRef.Name);

        // Applying the manifest again would undo what the autoscaler has decided.
        Assert.Null(scaled.Spec.Replicas);
    }

    [Theory]
    [InlineData("single")]
    [InlineData("production")]
    [InlineData("istio")]
    [InlineData("blue-green/shared")]
    public async Task Nothing_gets_in_or_out_that_no_rule_lets(string name)
    {
        var overlay = await Overlay.BuildAsync(name);
        var coloured = await Overlay.BuildAsync("blue-green/blue");

        var rules = overlay.Of<V1NetworkPolicy>().ToList();
        var closed = Assert.Single(rules, rule => rule.Spec.Ingress is null && rule.Spec.Egress is null);
        Assert.Equal(["Egress", "Ingress"], closed.Spec.PolicyTypes.Order(StringComparer.Ordinal));
        Assert.All(overlay.Pods.Values.Concat(coloured.Pods.Values), pod => Assert.True(Overlay.Fits(closed.Spec.PodSelector.MatchLabels, pod.Metadata.Labels)));
        Assert.All(rules.SelectMany(rule => rule.Spec.Ingress ?? []), way => Assert.True(way.FromProperty is { Count: > 0 } && way.Ports is { Count: > 0 }));
        Assert.All(rules.SelectMany(rule => rule.Spec.Egress ?? []), way => Assert.True(way.Ports is { Count: > 0 }));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_are_spread_over_machines(string name) =>
        Assert.All((await Overlay.BuildAsync(name)).Pods.Values, pod => Assert.All(
            pod.Spec.TopologySpreadConstraints ?? [],
            spread => Assert.True(Overlay.Fits(spread.LabelSelector.MatchLabels, pod.Metadata.Labels))));

    [Theory]
    [InlineData("production", "kubernetes.io/hostname", "topology.kubernetes.io/zone")]
    [InlineData("single")]
    public async Task Nodes_are_spread_over_zones_too(string name, params string[] over) => Assert.Equal(
        over, ((await Overlay.BuildAsync(name)).Pods["roster-api"].Spec.TopologySpreadConstraints ?? []).Select(spread => spread.TopologyKey).Order(StringComparer.Ordinal));

    [Fact]
    public async Task In_the_mesh_only_what_is_harmless_twice_is_sent_twice()
    {
        var overlay = await Overlay.BuildAsync("istio");

        Assert.Equal("STRICT", Assert.Single(overlay.Of<PeerAuthentication>()).Spec.Mtls?.Mode);
        Assert.Equal("ISTIO_MUTUAL", Assert.Single(overlay.Of<DestinationRule>()).Spec.TrafficPolicy?.Tls?.Mode);
        var routes = Assert.Single(overlay.Of<VirtualService>()).Spec.Http;

        // Without a word about it, Istio repeats everything.
        Assert.All(routes, route => Assert.NotNull(route.Retries?.Attempts));
        Assert.Empty(routes[^1].Match);
        Assert.All(routes.Where(route => route.Retries!.Attempts > 0), route => Assert.All(route.Match, match => Assert.True(
            match is { Method.Regex: "GET|HEAD|OPTIONS" } || match.Headers.ContainsKey("idempotency-key"))));
        Assert.Equal(["reads", "writes-with-a-key"], routes.Where(route => route.Retries!.Attempts > 0).Select(route => route.Name));
        Assert.All(overlay.Pods.Values, pod => Assert.Equal("true", pod.Metadata.Labels["sidecar.istio.io/inject"]));
        var service = Assert.Single(overlay.Of<V1Service>());
        Assert.All(
            routes.SelectMany(route => route.Route),
            way => Assert.Matches($"^{Regex.Escape(service.Metadata.Name)}\\.{service.Metadata.NamespaceProperty}\\.svc\\.", way.Destination!.Host));
    }

    private static IEnumerable<string> NamesIn(Overlay overlay) => overlay.All.Cast<k8s.IKubernetesObject<V1ObjectMeta>>().Select(made => $"{made.Kind}/{made.Metadata.Name}");
}

using k8s.Models;
using Microsoft.Extensions.Hosting;
using Roster.Cli.Settings;
using Xunit;
using YamlDotNet.Core;

namespace Roster.Tests.Deploy.Kubernetes;

/// <summary>What must hold of every overlay, whatever else it does.</summary>
public sealed class ManifestTests
{
    /// <summary>What somebody who installs Roster puts into the Secret.</summary>
    private static readonly KeyValuePair<string, string?>[] Secrets =
    [
        new("Roster__Auth__AdminKey", "at-least-16-characters"),
        new("Roster__Shards__0__Primary", "Host=db;Username=roster;Database=roster"),
    ];

    public static TheoryData<string> Overlays => Overlay.Names;

    [Fact]
    public void A_misspelt_field_is_refused() => Assert.Throws<YamlException>(() => Overlay.Read("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: roster
        automountServiceAcountToken: false
        """));

    [Fact]
    public void A_misspelt_field_of_the_mesh_is_refused() => Assert.Throws<YamlException>(() => Overlay.Read("""
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata:
          name: roster
        spec:
          mtsl:
            mode: STRICT
        """));

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_have_no_rights_and_nothing_to_write_to_but_volumes(string name)
    {
        var pods = (await Overlay.BuildAsync(name)).Pods;

        Assert.NotEmpty(pods);
        Assert.All(pods.Values, pod =>
        {
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.Equal("roster", pod.Spec.ServiceAccountName);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.Equal(ImageUser.Id, pod.Spec.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.Spec.HostNetwork ?? pod.Spec.HostPID ?? pod.Spec.HostIPC ?? false);
            var container = Assert.Single(pod.Spec.Containers);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Empty(container.SecurityContext.Capabilities.Add ?? []);
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_ask_for_what_they_need_and_have_a_limit(string name) =>
        Assert.All((await Overlay.BuildAsync(name)).Pods.Values, pod =>
        {
            var container = Assert.Single(pod.Spec.Containers);
            Assert.All((string[])["cpu", "memory"], resource => Assert.True(
                container.Resources.Requests[resource].ToDecimal() <= container.Resources.Limits[resource].ToDecimal()));
            Assert.All(pod.Spec.Volumes.Where(volume => volume.EmptyDir is not null), volume => Assert.NotNull(volume.EmptyDir.SizeLimit));
            Assert.Contains(':', container.Image);
            Assert.DoesNotContain(":latest", container.Image, StringComparison.Ordinal);
        });

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_program_would_start_with_the_settings(string name)
    {
        var overlay = await Overlay.BuildAsync(name);
        var maps = overlay.Of<V1ConfigMap>().ToDictionary(map => map.Metadata.Name, map => map.Data, StringComparer.Ordinal);

        Assert.All(overlay.Pods.Values, pod =>
        {
            var sources = Assert.Single(pod.Spec.Containers).EnvFrom;
            var map = maps[Assert.Single(sources, source => source.ConfigMapRef is not null).ConfigMapRef.Name];
            Assert.Equal("roster-secrets", Assert.Single(sources, source => source.SecretRef is not null).SecretRef.Name);
            var environment = map.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)).ToList();
            var settings = DeployedSettings.Read(map["Roster__Storage"] == "postgres" ? [.. environment, .. Secrets] : environment);
            Assert.Equal(["http://*:9464"], settings.MetricsUrls);
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task No_secret_is_in_the_manifests(string name)
    {
        var overlay = await Overlay.BuildAsync(name);

        Assert.Empty(overlay.Of<V1Secret>());
        Assert.All(overlay.Of<V1ConfigMap>().SelectMany(map => map.Data), pair => Assert.DoesNotMatch("(?i)password|adminkey|primary", pair.Key));
        Assert.All(overlay.Pods.Values, pod => Assert.Null(Assert.Single(pod.Spec.Containers).Env));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_pod_that_is_told_to_stop_has_the_time_to_answer_what_it_has_begun(string name) =>
        Assert.All((await Overlay.BuildAsync(name)).Pods.Where(pod => !pod.Key.Contains("migrate", StringComparison.Ordinal)), pod =>
        {
            // The program drains for as long as its host waits.
            var drain = new HostOptions().ShutdownTimeout.TotalSeconds;
            var container = Assert.Single(pod.Value.Spec.Containers);
            var before = container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0;
            Assert.True(pod.Value.Spec.TerminationGracePeriodSeconds >= before + drain + 5, pod.Key);

            // Callers that have not heard of it yet still reach it.
            Assert.True(before >= 5 || container.Args[0] == "work", pod.Key);
        });

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task What_is_asked_decides_over_what_it_should(string name) =>
        Assert.All((await Overlay.BuildAsync(name)).Pods.Where(pod => !pod.Key.Contains("migrate", StringComparison.Ordinal)), pod =>
        {
            var container = Assert.Single(pod.Value.Spec.Containers);

            // A database that is away must not have pods killed: only readiness looks beyond the process.
            Assert.Equal(
                ("/livez", "/livez", "/readyz"),
                (container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
            Assert.All(
                (V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe],
                probe => Assert.Equal(8080, container.Ports.Single(port => port.Name == probe.HttpGet.Port).ContainerPort));
            Assert.True(container.StartupProbe.PeriodSeconds * container.StartupProbe.FailureThreshold >= 60);
        });

    [Fact]
    public void The_program_would_not_start_with_a_setting_that_it_does_not_know() =>
        Assert.Throws<SettingsException>(() => DeployedSettings.Read([.. Secrets, new("Roster__Storage", "postgres"), new("Roster__Strage", "x")]));
}

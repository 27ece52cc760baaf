using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Silo.Hosting;
using Xunit;

namespace TradingEngine.Tests.Cluster.Deployment;

/// <summary>What deploy/ says of the engine holds, and Kubernetes' own models read its manifests without an unknown field.</summary>
public sealed partial class ManifestTests
{
    /// <summary>After which a silo cuts its own end short, seconds.</summary>
    private const int LongestEnd = 40;

    private static readonly string Deploy = Path.Combine(RootWith("Orleans.sln"), "deploy");
    private static readonly Dictionary<string, Type> Kinds = new() { ["kustomize.config.k8s.io/v1beta1/Kustomization"] = typeof(Kustomization) };

    [Fact]
    public void Every_manifest_is_read_strictly_and_named_in_the_kustomization()
    {
        var files = Directory.GetFiles(Path.Combine(Deploy, "kubernetes"), "*.yaml").Select(Path.GetFileName).Order().ToList();
        var named = Read<Kustomization>("kustomization.yaml").Resources;

        Assert.Equal(files, named.Append("kustomization.yaml").Order());
        Assert.All(files, file => Assert.NotEmpty(ReadAll(file!)));
    }

    [Theory]
    [InlineData("spec:\n  replicas: 3\n  podManagmentPolicy: Parallel\n")]
    [InlineData("spec:\n  replicas: three\n")]
    public void Model_refuses_what_it_does_not_know(string wrong) => Assert.ThrowsAny<Exception>(
        () => KubernetesYaml.LoadAllFromString("apiVersion: apps/v1\nkind: StatefulSet\n" + wrong, strict: true));

    [Fact]
    public void Pods_are_found_by_the_names_of_the_cluster_and_everything_selects_them()
    {
        var template = Silo.Spec.Template.Metadata.Labels;

        Assert.Equal(ClusterNames.ClusterId, template["orleans/clusterId"]);
        Assert.Equal(ClusterNames.ServiceId, template["orleans/serviceId"]);
        Assert.Subset(template.ToHashSet(), Silo.Spec.Selector.MatchLabels.ToHashSet());
        Assert.Subset(template.ToHashSet(), Read<V1PodDisruptionBudget>("disruption.yaml").Spec.Selector.MatchLabels.ToHashSet());
        Assert.Subset(template.ToHashSet(), Read<V1NetworkPolicy>("network.yaml").Spec.PodSelector.MatchLabels.ToHashSet());
        Assert.All(ReadAll("services.yaml").Cast<V1Service>(), service => Assert.Subset(template.ToHashSet(), service.Spec.Selector.ToHashSet()));
    }

    [Fact]
    public void Probes_ask_the_open_pages_over_TLS_by_a_name_that_is_answered()
    {
        var container = Assert.Single(Silo.Spec.Template.Spec.Containers);
        V1Probe[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];

        Assert.Equal(["/health/live", "/health/live", "/health/ready"], probes.Select(probe => probe.HttpGet.Path));
        Assert.All(probes, probe =>
        {
            Assert.Equal("HTTPS", probe.HttpGet.Scheme);
            var header = Assert.Single(probe.HttpGet.HttpHeaders);
            Assert.Equal(("Host", "localhost"), (header.Name, header.Value));
        });
    }

    [Fact]
    public void Nobody_ends_a_silo_before_it_ends_by_itself()
    {
        var unit = File.ReadAllText(Path.Combine(Deploy, "systemd", "tradingengine.service"));
        var compose = File.ReadAllText(Path.Combine(Deploy, "docker", "compose.yml"));

        Assert.True(Silo.Spec.Template.Spec.TerminationGracePeriodSeconds > LongestEnd);
        Assert.True(Seconds(unit, "TimeoutStopSec=") > LongestEnd);
        Assert.True(Seconds(compose, "stop_grace_period: ") > LongestEnd);
    }

    [Fact]
    public void Variables_are_those_of_options()
    {
        var known = SiloCommand.All.Select(setting => setting.Variable).ToHashSet(StringComparer.Ordinal);
        var used = new[] { "systemd/silo.env", "docker/compose.yml", "docker/Dockerfile", "kubernetes/settings.yaml", "kubernetes/silo.yaml" }
            .SelectMany(file => Variable().Matches(File.ReadAllText(Path.Combine(Deploy, file))).Select(match => (file, match.Value))).ToList();

        Assert.NotEmpty(used);
        Assert.All(used, use => Assert.Contains(use.Value, known));
    }

    private static V1StatefulSet Silo => Read<V1StatefulSet>("silo.yaml");

    private static T Read<T>(string file) => Assert.Single(ReadAll(file).OfType<T>());

    private static List<object> ReadAll(string file) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Deploy, "kubernetes", file)), Kinds, strict: true);

    private static int Seconds(string text, string name) =>
        int.Parse(Regex.Match(text, Regex.Escape(name) + "([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static string RootWith(string file)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, file)))
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"There is no {file} above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }

    [GeneratedRegex("TRADING_ENGINE_[A-Z_]+")]
    private static partial Regex Variable();

    /// <summary>The file that kubectl reads for itself.</summary>
    private sealed class Kustomization
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Namespace { get; set; } = "";

        public List<string> Resources { get; set; } = [];
    }
}

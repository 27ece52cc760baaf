namespace TradingEngine.Silo.Hosting;

/// <summary>What a silo has to be told of the pod it runs in; deploy/kubernetes tells it.</summary>
internal static class KubernetesPod
{
    /// <summary>As the kubelet gives it to every container.</summary>
    private const string Server = "KUBERNETES_SERVICE_HOST";

    private static readonly string[] Told = ["POD_NAME", "POD_NAMESPACE", "POD_IP"];

    /// <summary>Reads whether the silo is to be hosted by Kubernetes; outside of it that is refused, with what is missing.</summary>
    public static bool Read(SettingSource source, Setting hosting)
    {
        var (value, origin) = source.Find(hosting);
        if (value == "none")
        {
            return false;
        }

        if (value != "kubernetes")
        {
            return source.Wrong<bool>(hosting, $"{origin} is {value}; use none or kubernetes");
        }

        var missing = Told.Prepend(Server).Where(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))).ToList();
        return missing.Count == 0 || source.Wrong<bool>(
            hosting, $"{origin} is kubernetes, but {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} not set: run it in a pod as deploy/kubernetes does, or use none");
    }
}

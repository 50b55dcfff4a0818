namespace Roster.Tests.Deploy.Kubernetes.Istio;

public sealed class DestinationRule : Resource<DestinationRuleSpec>;

public sealed record DestinationRuleSpec
{
    public string? Host { get; init; }

    public TrafficPolicy? TrafficPolicy { get; init; }
}

public sealed record TrafficPolicy
{
    public MutualTls? Tls { get; init; }

    public LoadBalancer? LoadBalancer { get; init; }

    public ConnectionPool? ConnectionPool { get; init; }

    public OutlierDetection? OutlierDetection { get; init; }
}

public sealed record LoadBalancer
{
    public string? Simple { get; init; }
}

public sealed record ConnectionPool
{
    public TcpPool? Tcp { get; init; }

    public HttpPool? Http { get; init; }
}

public sealed record TcpPool
{
    public int? MaxConnections { get; init; }

    public string? ConnectTimeout { get; init; }
}

public sealed record HttpPool
{
    public int? Http1MaxPendingRequests { get; init; }

    public int? Http2MaxRequests { get; init; }

    public int? MaxRetries { get; init; }

    public string? IdleTimeout { get; init; }
}

public sealed record OutlierDetection
{
    public int? ConsecutiveGatewayErrors { get; init; }

    public string? Interval { get; init; }

    public string? BaseEjectionTime { get; init; }

    public int? MaxEjectionPercent { get; init; }
}

public sealed class VirtualService : Resource<VirtualServiceSpec>;

public sealed record VirtualServiceSpec
{
    public List<string> Hosts { get; init; } = [];

    public List<HttpRoute> Http { get; init; } = [];
}

public sealed record HttpRoute
{
    public string? Name { get; init; }

    public List<HttpMatch> Match { get; init; } = [];

    public string? Timeout { get; init; }

    public HttpRetry? Retries { get; init; }

    public List<RouteDestination> Route { get; init; } = [];
}

public sealed record HttpMatch
{
    public StringMatch? Method { get; init; }

    public StringMatch? Uri { get; init; }

    public Dictionary<string, StringMatch> Headers { get; init; } = [];
}

public sealed record StringMatch
{
    public string? Exact { get; init; }

    public string? Regex { get; init; }
}

public sealed record HttpRetry
{
    public int? Attempts { get; init; }

    public string? PerTryTimeout { get; init; }

    public string? RetryOn { get; init; }
}

public sealed record RouteDestination
{
    public Destination? Destination { get; init; }
}

public sealed record Destination
{
    public string? Host { get; init; }

    public PortSelector? Port { get; init; }
}

public sealed record PortSelector
{
    public int? Number { get; init; }
}

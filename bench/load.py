"""Load from `roster bench`, for the measurements beside this file."""
import json, re, subprocess, sys, tempfile

from servers import ROOT, ROSTER


def start(url, key, connections, *more):
    report = tempfile.NamedTemporaryFile(suffix=".json")
    command = [ROSTER, "bench", "--url", url, "--key", key or "", "--connections", str(connections), "--json", report.name, *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT), report


def load(url, key, connections, seconds, *more, warmup=0):
    """What `roster bench --json` writes. Several addresses, split by spaces, get a generator and an equal share of the connections
    each; then rates, counts and CPU seconds are sums, and latencies those of the slower one."""
    urls = url.split()
    running = [start(each, key, max(1, connections // len(urls)), "--warmup", f"{warmup}s", "--duration", f"{seconds}s", *more) for each in urls]
    runs = []
    for process, report in running:
        if process.wait() != 0:
            sys.exit(f"roster bench failed on {url}")
        runs.append(json.load(open(report.name)))
        report.close()
    first = runs[0]
    for other in runs[1:]:
        for name in ("ratePerSecond", "requests", "succeeded", "clientCpuSeconds"):
            first[name] += other[name]
        for name, count in other["errors"].items():
            first["errors"][name] = first["errors"].get(name, 0) + count
        for name in first["latencyMs"]:
            first["latencyMs"][name] = max(first["latencyMs"][name], other["latencyMs"][name])
    return first


def wrk(subject, connections, seconds):
    """Requests a second that wrk sees, of one user."""
    with open(subject.ids) as f:
        one = f.readline().strip()
    said = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", f"Authorization: Bearer {subject.key}", f"{subject.url}/users/{one}"],
                          check=True, capture_output=True, text=True).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]) if "Non-2xx" not in said else sys.exit(f"wrk: {said}")

"""Servers on loopback for the measurements beside this file."""
import os, random, re, signal, socket, subprocess, sys, tempfile, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROSTER = os.path.join(ROOT, "roster")
CLOCK = os.sysconf("SC_CLK_TCK")


class Server:
    """A server process on loopback: its port, its key, and what it has used."""

    def __init__(self, command, url, env=None, ready="/livez", folder=None):
        self.url, self.folder = url, folder
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(env or {})},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(4000):
            try:
                urllib.request.urlopen(url + ready, timeout=1).read()
                return
            except OSError:
                time.sleep(0.005)
        self.stop()
        sys.exit(f"{url} did not answer")

    @property
    def key(self):
        with open(os.path.join(self.folder, "admin.key")) as f:
            return f.read().strip()

    def cpu(self):
        return tree_cpu(self.process.pid)

    def memory(self, name):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(name + r":\s+(\d+)", f.read()).group(1)) / 1024

    def metric(self, name):
        request = urllib.request.Request(self.url + "/metrics", headers={"Authorization": f"Bearer {self.key}"})
        text = urllib.request.urlopen(request).read().decode()
        return sum(float(line.rsplit(" ", 2)[1] if line.count(" ") > 1 else line.rsplit(" ", 1)[1])
                   for line in text.splitlines() if line.startswith(name) and 'kind="commits"' in line)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def tree_cpu(root):
    """CPU seconds of a process, of those under it, and of those they had and waited for."""
    stats = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat") as f:
                stats[int(process)] = f.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            pass
    tree = {root}
    while more := {process for process, fields in stats.items() if int(fields[1]) in tree} - tree:
        tree |= more
    return sum(sum(map(int, stats[process][11:15])) for process in tree if process in stats) / CLOCK


def free_port():
    """Below the ephemeral ones: a client that polls one of those can connect to itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def roster(port, env=None, arguments=("serve",)):
    folder = tempfile.mkdtemp(prefix="roster-bench-")
    url = f"http://127.0.0.1:{port}"
    return Server([ROSTER, *arguments, "--data", folder, "--urls", url], url, env, folder=folder)

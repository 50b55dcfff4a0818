"""A lab on loopback for the measurements beside this file: `roster lab up`, its servers and its nodes."""
import os, re, shutil, signal, subprocess, sys, tempfile

from servers import ROOT, ROSTER, tree_cpu


class Lab:
    """A cluster that ends with this object."""

    def __init__(self, *arguments):
        self.folder = os.path.join(tempfile.mkdtemp(prefix="roster-bench-"), "lab")
        os.chmod(os.path.dirname(self.folder), 0o755)
        self.process = subprocess.Popen([ROSTER, "lab", "up", "--dir", self.folder, *arguments],
                                        cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.members, self.progress = {}, 0
        for line in self.process.stdout:
            if line.startswith("Ctrl-C"):
                break
            if found := re.match(r"(\w+(?: \d+)*(?: \w+ \d+)?)\s+(?:http://)?([\d.]+):(\d+)\s+(\d+)", line):
                self.members[found[1]] = (int(found[3]), int(found[4]))
        if not self.members:
            sys.exit("the lab did not start")
        with open(os.path.join(self.folder, "admin.key")) as f:
            self.key = f.read().strip()
        os.environ["PGPASSFILE"] = os.path.join(self.folder, "pgpass")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)
        shutil.rmtree(os.path.dirname(self.folder), ignore_errors=True)

    @property
    def kafka(self):
        """The broker's port."""
        return self.members["kafka"][0]

    def url(self, node=1):
        return f"http://127.0.0.1:{self.members[f'node {node}'][0]}"

    def database(self, shard=0):
        """What PostgreSQL's own programs want to know of a shard."""
        return ["-h", "127.0.0.1", "-p", str(self.members[f"shard {shard}"][0]), "-U", "postgres"]

    def sql(self, *arguments, shard=0):
        """What psql prints, unaligned."""
        return subprocess.run(["psql", *self.database(shard), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments],
                              check=True, capture_output=True, text=True).stdout.strip()

    def cpu(self, member):
        """CPU seconds of a member and of the processes it has and had."""
        return tree_cpu(self.members[member][1])

    def pgbench(self, script, connections, seconds, users=1):
        """Transactions a second, and how many, of a script that counts with :n."""
        self.progress += 10_000_000
        run = subprocess.run(["pgbench", *self.database(), "-n", "-M", "prepared", "-c", str(connections), "-j", "2", "-T", str(seconds),
                              "-D", f"users={users}", "-D", f"n={self.progress}", "-f", script, "postgres"], capture_output=True, text=True)
        if not (found := re.search(r"tps = ([\d.]+)", run.stdout)):
            sys.exit(f"pgbench: {run.stdout}{run.stderr}")
        return {"rate": float(found[1]), "done": int(re.search(r"processed: (\d+)", run.stdout)[1])}

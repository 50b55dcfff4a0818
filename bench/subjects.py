"""What bench/compare measures: each can be asked for users, and says what its processors did."""
import json, os, re, shutil, subprocess, sys, tempfile, urllib.request

from lab import Lab
from load import load
from servers import ROOT, ROSTER, Server, free_port, roster, tree_cpu

USERS = 10_000
HERE = os.path.join(ROOT, "bench/comparison")


class Subject:
    """Something that answers `GET /users/{id}` and `POST /users`; the ids of its users are in a file."""
    name, url, key = "", "", None

    def __init__(self, folder):
        self.ids = os.path.join(folder, f"{type(self).__name__}.ids")
        self.start(folder)

    def known(self, ids):
        open(self.ids, "w").write("\n".join(map(str, ids)))

    def register(self):
        load(self.url, self.key, 64, 60, "--mix", "create", "--requests", str(USERS // len(self.url.split())))


class Roster(Subject):
    """A server of Roster's with its users in place."""

    def fill(self):
        self.register()
        found, path = [], "/users?limit=500"
        while path and len(found) < USERS:
            answer = urllib.request.urlopen(self.request(path))
            found += json.load(answer)
            link = re.match(r"<([^>]*)>", answer.headers.get("Link") or "")
            path = link and link[1][link[1].index("/users"):]
        self.known(user["id"] for user in found)
        self.body = urllib.request.urlopen(self.request(f"/users/{found[0]['id']}")).read()

    def request(self, path):
        return urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {self.key}"})

    def allocated(self):
        """Bytes that the server's runtime has allocated since its start."""
        text = urllib.request.urlopen(self.request("/metrics")).read().decode()
        found = re.search(r"^dotnet_gc_heap_total_allocated_bytes_total(?:{[^}]*})? (\S+)", text, re.M)
        return float(found[1]) if found else sys.exit("the server does not say what it allocates")


class Sqlite(Roster):
    name = "Roster, SQLite"

    def start(self, folder):
        self.server = roster(free_port())
        self.url, self.key = self.server.url, self.server.key
        self.fill()

    def cpu(self):
        return self.server.cpu()

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.server.folder, ignore_errors=True)


class Postgres(Roster):
    name, more = "Roster, PostgreSQL", []

    def start(self, folder):
        self.lab = Lab("--shards", "1", "--nodes", "1", "--workers", "0", "--kafka=false", *self.more)
        self.url, self.key = self.lab.url(), self.lab.key
        self.fill()

    def cpu(self):
        return sum(self.lab.cpu(member) for member in self.lab.members)

    def stop(self):
        self.lab.__exit__()


class Redis(Postgres):
    name, more = "Roster, PostgreSQL + Redis", ["--redis"]

    @staticmethod
    def exists():
        return "--redis" in subprocess.check_output([ROSTER, "lab", "up", "--help"], text=True)


class Program(Subject):
    """One server process with what it starts itself."""

    def cpu(self):
        return self.server.cpu()

    def stop(self):
        self.server.stop()


class Kestrel(Program):
    """Writes the bytes that another subject was asked for."""
    name = "bare Kestrel, the same bytes"

    def __init__(self, folder, like):
        self.like = like
        super().__init__(folder)
        self.ids = like.ids

    def start(self, folder):
        subprocess.run(["dotnet", "build", os.path.join(ROOT, "bench/BareKestrel"), "-c", "Release", "-v", "quiet", "--nologo"],
                       check=True, stdout=subprocess.DEVNULL)
        body = os.path.join(folder, "body")
        open(body, "wb").write(self.like.body)
        self.url, self.key = f"http://127.0.0.1:{free_port()}", self.like.key
        self.server = Server(["dotnet", os.path.join(ROOT, "artifacts/bin/BareKestrel/release/BareKestrel.dll"), self.url, body], self.url, ready="/users/1")


class Node(Program):
    """A cluster of two workers on Node.js; its packages are those of its lock file."""

    def start(self, folder):
        to = os.path.join(ROOT, "artifacts/comparison", self.program)
        shutil.copytree(os.path.join(HERE, self.program), to, dirs_exist_ok=True)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--silent"], check=True, cwd=to)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.server = Server(["node", os.path.join(to, "server.js"), str(port), "2", str(USERS)], self.url, {"NODE_ENV": "production"})
        self.known(range(USERS))


class Express(Node):
    name, program = "Express 5 cluster, in memory", "express"


class Fastify(Node):
    name, program = "Fastify cluster, in memory", "fastify"


class FastApi(Subject):
    name = "FastAPI + Redis, 2 balanced"

    def start(self, folder):
        data = tempfile.mkdtemp(dir=folder)
        redis = free_port()
        self.redis = subprocess.Popen(["redis-server", "--bind", "127.0.0.1", "--port", str(redis), "--save", "", "--dir", data], stdout=subprocess.DEVNULL)
        self.servers = []
        for port in (free_port(), free_port()):
            url = f"http://127.0.0.1:{port}"
            self.servers.append(Server(["/usr/bin/python3", "-m", "uvicorn", "users:app", "--app-dir", os.path.join(HERE, "fastapi"), "--port", str(port),
                                        "--no-access-log", "--log-level", "warning"], url, {"REDIS": f"redis://127.0.0.1:{redis}"}))
        self.url = " ".join(server.url for server in self.servers)
        self.register()
        self.known(range(1, USERS + 1))

    def cpu(self):
        return sum(server.cpu() for server in self.servers) + tree_cpu(self.redis.pid)

    def stop(self):
        for server in self.servers:
            server.stop()
        self.redis.terminate()
        self.redis.wait(30)

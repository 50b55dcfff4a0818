"""What bench/compare has found, kept row by row, as a report with pictures."""
import json, os, statistics, subprocess, tempfile, time

import subjects
from report import machine, write as write_report
from rows import CREATE, GET, MIX, Endurance, Steady, all_rows, key
from servers import ROOT

TITLES = {GET: "GET /users/{id}", CREATE: "POST /users", MIX: "90 % GET, 10 % POST"}
NAMES = {"pgbench": "pgbench, the same rows, no HTTP", **{name: getattr(subjects, name).name for name in
         ("Sqlite", "Postgres", "Redis", "Kestrel", "Express", "Fastify", "FastApi")}}
DURABLE = {"Sqlite", "Postgres", "Redis", "pgbench"}


class Store:
    """Found rows in a file, each with when and how."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "compare.json")
        self.rows = json.load(open(self.path)) if os.path.exists(self.path) else {}

    def keep(self, name, best, how, found):
        self.rows[name] = {"date": time.strftime("%Y-%m-%d"), "best": best, "how": how, "found": found}
        json.dump(self.rows, open(self.path, "w"), indent=1)

    def rounds(self):
        """All that was measured in rounds; of what several rows have, the newest."""
        by_age = sorted((row for name, row in self.rows.items() if name not in (Steady.name, Endurance.name)), key=lambda row: row["date"])
        return {need: rounds for row in by_age for need, rounds in row["found"].items()}


def promises(store):
    lines = []
    for name, row in store.rows.items():
        judge = {Steady.name: Steady(), Endurance.name: Endurance(), **{each.name: each for each in all_rows(row["best"])}}[name]
        for what, least, value, verdict in judge.verdict(row["found"]):
            lines.append(f"| {what} | {least} | {value} | {verdict} | `--only {name} {row['how']}`, {row['date']} |")
    return "\n".join(lines)


def table(rounds, what):
    lines = []
    for need, runs in sorted(rounds.items(), key=lambda item: -statistics.median(run["rate"] for run in item[1])):
        name, asked = need.split("/", 1)
        if asked != what:
            continue
        median = lambda value: statistics.median(run[value] for run in runs)
        of = lambda value, form: format(median(value), form) if value in runs[0] else "–"
        second = f"; wrk: {median('wrk'):,.0f}" if all("wrk" in run for run in runs) else ""
        cpu = lambda value: f"{statistics.median(run[value] / run['requests'] * 1e6 for run in runs):.0f}" if value in runs[0] else "–"
        durable = "" if what == GET else " yes |" if name in DURABLE else " no |"
        each = ", ".join(f"{run['rate']:,.0f}" for run in runs)
        lines.append(f"| {NAMES[name]} |{durable} {median('rate'):,.0f} | {each}{second} | "
                     f"{of('p50', '.1f')} | {of('p99', '.1f')} | {cpu('cpu')} | {cpu('client')} | {of('errors', ',.0f')} |")
    durable = "" if what == GET else " durable |"
    head = f"| |{durable} requests/s | rounds | p50 ms | p99 ms | CPU µs a request: server | load generator | failed |\n"
    return f"## {TITLES[what]}\n\n{head}{'|---' * (head.count('|') - 1)}|\n" + "\n".join(lines)


def bars(rounds, what, picture):
    chosen = sorted(((need.split("/", 1)[0], runs) for need, runs in rounds.items() if need.split("/", 1)[1] == what),
                    key=lambda item: -statistics.median(run["rate"] for run in item[1]))
    chart = {"title": f"{TITLES[what]}, 64 connections, closed loop", "unit": "requests a second: median, and range of rounds", "bars": [
        {"name": NAMES[name], "value": statistics.median(run["rate"] for run in runs), "low": min(run["rate"] for run in runs),
         "high": max(run["rate"] for run in runs), "ours": name in ("Sqlite", "Postgres", "Redis")} for name, runs in chosen]}
    draw(picture, "--bars", chart)


def draw(picture, flag, content):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(content, file)
        file.flush()
        arguments = ["--bars", file.name] if flag == "--bars" else [f"{flag}={file.name}"]
        subprocess.run([os.path.join(ROOT, "bench/plot"), picture, *arguments], check=True)


def write(store, folder):
    rounds, parts, pictures = store.rounds(), [], []
    for what, name in ((GET, "get"), (CREATE, "create"), (MIX, "mix")):
        if any(need.endswith("/" + what) for need in rounds):
            bars(rounds, what, os.path.join(folder, f"compare-{name}.png"))
            parts.append(f"{table(rounds, what)}\n\n![{TITLES[what]}](compare-{name}.png)")
    for name, title in ((Steady.name, "Minutes at a steady rate"), (Endurance.name, "Creates for minutes")):
        if name in store.rows:
            found = store.rows[name]["found"]
            draw(os.path.join(folder, f"compare-{name}.png"), NAMES[store.rows[name]["best"]], found.get("run", found))
            said = f"\n\nFrom {found['users']:,} users to {found['end']:,}; `max_wal_size = {found['wal']}`. The tutorial's own figure is 10,000/s." if "run" in found else ""
            parts.append(f"## {title}{said}\n\n![{title}](compare-{name}.png)")
    text = f"""# Roster beside other designs

Written by `bench/compare` on {time.strftime("%Y-%m-%d")}: {machine()}, that servers, databases and load generators share. Closed loops have
64 connections. Medians of rounds in turns; the machine is shared, so only ratios within a run mean something.
Each row can be made again alone: `bench/compare` with what stands beside it.

| What | Must be | Found (rounds) | | Made by, on |
|---|---|---|---|---|
{promises(store)}

{chr(10).join(part + chr(10) for part in parts)}"""
    write_report("compare.md", text, folder)

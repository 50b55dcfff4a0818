"""The rows of bench/compare: what must hold, as ratios within one run. Rates are requests a second unless a row says otherwise."""
import statistics

GET, CREATE, MIX = "get", "create", "get=90,create=10"


class Row:
    """A over B, at least so much."""

    def __init__(self, name, what, over, under, least, value=lambda run: run["rate"]):
        self.name, self.what, self.over, self.under, self.least, self.value = name, what, over, under, least, value
        self.needs = [over, under]

    def verdict(self, rounds):
        ratios = [self.value(a) / self.value(b) for a, b in zip(rounds[key(self.over)], rounds[key(self.under)])]
        median = statistics.median(ratios)
        return [(self.what, f"≥ {self.least}", f"**{median:.2f}** ({', '.join(f'{ratio:.2f}' for ratio in ratios)})", holds(median >= self.least))]


def holds(yes):
    return "holds" if yes else "**missed**"


def key(need):
    return "/".join(need)


def per_cpu(run):
    return run["requests"] / run["cpu"]


def all_rows(best):
    """The short ones; `best` is the subject that stands for Roster on PostgreSQL: with Redis when there is one."""
    return [
        Row("kestrel", "cached GET ÷ a bare Kestrel that writes the same bytes", (best, GET), ("Kestrel", GET), 0.85),
        Row("express-get", "cached GET ÷ the Express cluster's GET from memory", (best, GET), ("Express", GET), 4),
        Row("fastify-cpu", "cached GET per CPU second of the server ÷ the Fastify cluster's", (best, GET), ("Fastify", GET), 0.95, per_cpu),
        Row("express-create", "durable create in PostgreSQL ÷ the Express cluster's POST to memory", (best, CREATE), ("Express", CREATE), 1.25),
        Row("fastify-create", "durable create in PostgreSQL ÷ the Fastify cluster's POST to memory", (best, CREATE), ("Fastify", CREATE), 0.3),
        Row("mix", "90 % GET, 10 % durable create ÷ the same on FastAPI + Redis, not durable", (best, MIX), ("FastApi", MIX), 3),
        Allocated(best),
        Others(best),
    ]


class Allocated:
    name = "allocated"

    def __init__(self, best):
        self.needs = [(best, GET)]

    def verdict(self, rounds):
        values = [run["allocated"] for run in rounds[key(self.needs[0])]]
        return [("bytes allocated per cached GET", "stated", f"**{statistics.median(values):,.0f}** ({', '.join(f'{value:,.0f}' for value in values)})", "")]


class Others:
    """Nothing must hold here: the rest of the picture."""
    name = "others"

    def __init__(self, best):
        self.needs = [("Sqlite", what) for what in (GET, CREATE, MIX)] + [("FastApi", GET), ("FastApi", CREATE), ("pgbench", CREATE), ("Express", MIX), ("Fastify", MIX)]
        if best == "Redis":
            self.needs += [("Postgres", what) for what in (GET, CREATE, MIX)]

    def verdict(self, rounds):
        return []


class Steady:
    """An open loop for minutes."""
    name = "steady"

    def verdict(self, found):
        errors = found["requests"] - found["succeeded"]
        p99 = found["latencyMs"]["p99"]
        what = f"p99 at {found['targetRatePerSecond']:,.0f} requests/s of 90 % GET, 10 % create, open loop, {found['seconds']:.0f} s"
        return [(what, "< 20 ms", f"**{p99:.1f} ms**", holds(p99 < 20)), ("… and what failed of it", "0", f"**{errors:,}**", holds(errors == 0))]


class Endurance:
    """Creates in a closed loop for minutes, and pgbench before and after."""
    name = "endurance"

    def verdict(self, found):
        seconds = [second["succeeded"] for second in found["run"]["timeline"]]
        tenth = max(1, len(seconds) // 10)
        lasting = sum(seconds[-tenth:]) / max(1, sum(seconds[tenth:2 * tenth]))
        rate, limit = found["run"]["ratePerSecond"], statistics.mean(found["pgbench"])
        return [
            (f"durable creates for {len(seconds)} s, closed loop: last tenth ÷ second tenth", "≥ 0.9", f"**{lasting:.2f}**", holds(lasting >= 0.9)),
            (f"… and all of them ÷ pgbench writing the same rows before and after ({rate:,.0f}/s ÷ {limit:,.0f}/s)", "≥ 1.2", f"**{rate / limit:.2f}**", holds(rate / limit >= 1.2)),
        ]

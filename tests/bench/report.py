"""The figures as tables, on the screen and in `docs/benchmarks.md`."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from tests.bench.stand import Load, Sample

NAMES = {"direct": "upstream itself", "bare": "bare relay", "ours": "Love Chat"}
LIBRARIES = ("uvicorn", "uvloop", "httptools", "starlette", "aiohttp", "openai", "sqlalchemy", "psycopg")
MIB = 1024 * 1024

Samples = dict[Load, dict[str, Sample]]

HEADINGS = (
    "streams",
    "target",
    "complete",
    "TTFT over p50 / p95 ms",
    "token lag p50 / p95 ms",
    "CPU ms per 1k tokens (by repetition)",
    "PostgreSQL CPU",
    "upstream CPU",
    "client CPU",
    "RSS MB before → peak",
    "neighbours, cores",
)
RATIOS = ("streams", "CPU ours / bare", "with PostgreSQL", "token lag p95", "TTFT over p50", "TTFT over p95")

EXPLANATION = """\
- A fake model's server, Love Chat, the bare relay and the load client are one process each on one machine. Every stream is a
  person with a conversation of their own; Love Chat runs with its real PostgreSQL, durable, and the real `openai` SDK.
- The **bare relay** is Starlette and uvicorn in front and aiohttp behind: no account, no database, no checks. What Love Chat
  takes beyond it is the price of all that it does more.
- **upstream itself** is the load client on the fake server without any relay: the floor of these figures. Where its lag is
  small, neither the server nor the client holds up the others.
- **TTFT over**: time to the first token above the upstream's own, of which each first token brings the exact value. The
  upstream sends the head of its answer together with the first token, so nothing is hidden in the wait.
- **token lag**: from the upstream's sending of a token to its receipt. Each token carries the upstream's clock.
- **CPU**: user and system time of the server's processes for 1,000 tokens, from the first request to the last byte.
  PostgreSQL, upstream and client are counted apart, in the same unit.
- **at once**: all requests in one instant, so the last waits for the work of all others; **in 2 s**: they come evenly over
  two seconds, while the earlier ones already stream.
- **complete**: every token came once and in order, `done` came last, event ids had no gap, and the whole reply is in the
  database.
- Absolute figures move with the machine and with its **neighbours** (cores that others kept busy meanwhile). The targets take
  turns within one run: compare the ratios. CPU is counted in ticks of 10 ms, so one stream alone is coarse.
"""


def facts() -> list[str]:
    """What of the machine and the libraries matters."""
    memory = psutil.virtual_memory().total / 1024 / MIB
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [
        f"{cores} cores ({_processor()}), {memory:.0f} GB, {platform.system()}",
        f"{platform.python_implementation()} {platform.python_version()}; {libraries}",
    ]


def tables(samples: Samples) -> str:
    """The measurements and the ratios, as Markdown."""
    rows = [_row(load, target, sample) for load, both in samples.items() for target, sample in both.items()]
    ratios = [
        _ratios(load, both["bare"], both["ours"])
        for load, both in samples.items()
        if "bare" in both and "ours" in both
    ]
    return f"{_table(HEADINGS, rows)}\n\nLove Chat to the bare relay:\n\n{_table(RATIOS, ratios)}\n"


def errors(samples: Samples) -> list[str]:
    """What went wrong, each kind once with its number."""
    found: dict[str, int] = {}
    for load, both in samples.items():
        for target, sample in both.items():
            for error in sample.errors:
                line = f"{NAMES[target]}, {load}: {error}"
                found[line] = found.get(line, 0) + 1
    return [f"{line} ({count}×)" for line, count in found.items()]


def write(path: Path, samples: Samples, shape: str) -> None:
    """Write the page."""
    machine = "\n".join(f"- {fact}" for fact in facts())
    path.write_text(
        "# Benchmarks\n\n"
        "Written by `make bench`; do not edit. What Love Chat adds to a model's stream, beside a relay that does nothing else.\n\n"
        f"{shape}\n\n{machine}\n\n{tables(samples)}\n## How to read them\n\n{EXPLANATION}",
        encoding="utf-8",
    )


def _row(load: Load, target: str, sample: Sample) -> list[str]:
    complete = sample.replies - len(sample.errors)
    by_run = ", ".join(f"{value:.0f}" for value in sample.cpu_by_run)
    served = target != "direct"
    return [
        str(load),
        NAMES[target],
        f"{complete}/{sample.replies}",
        f"{_number(percentile(sample.ttft, 50))} / {_number(percentile(sample.ttft, 95))}",
        f"{_number(percentile(sample.lags, 50))} / {_number(percentile(sample.lags, 95))}",
        f"{sample.cpu_ms('server'):.0f} ({by_run})" if served else "–",
        f"{sample.cpu_ms('postgres'):.0f}" if target == "ours" else "–",
        f"{sample.cpu_ms('upstream'):.0f}",
        f"{sample.cpu_ms('client'):.0f}",
        f"{sample.rss_before / MIB:.0f} → {sample.rss_peak / MIB:.0f}",
        f"{sample.cpu.get('others', 0.0) / max(0.001, sample.seconds):.2f}",
    ]


def _ratios(load: Load, bare: Sample, ours: Sample) -> list[str]:
    def ratio(mine: float, theirs: float) -> str:
        return f"{mine / theirs:.2f}" if theirs > 0 else "–"

    both = ours.cpu_ms("server") + ours.cpu_ms("postgres")
    return [
        str(load),
        ratio(ours.cpu_ms("server"), bare.cpu_ms("server")),
        ratio(both, bare.cpu_ms("server")),
        ratio(percentile(ours.lags, 95), percentile(bare.lags, 95)),
        ratio(percentile(ours.ttft, 50), percentile(bare.ttft, 50)),
        ratio(percentile(ours.ttft, 95), percentile(bare.ttft, 95)),
    ]


def percentile(values: list[float], share: int) -> float:
    """The value that so many percent of the values do not exceed; 0 without any."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


def _table(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [list(headings), ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()

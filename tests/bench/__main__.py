"""`python -m tests.bench`: Love Chat and a bare relay in turns, on one machine in one run.

It fails when replies are lost or incomplete, and never for being slow.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from types import FrameType

from tests.bench import report
from tests.bench.stand import ROOT, Load, Sample, Stand

PAGE = ROOT / "docs" / "benchmarks.md"
TTFT_SECONDS = 0.2
WARM_UP = 20


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--streams", default="1,20,100", help="concurrent replies (default %(default)s)")
    parser.add_argument("--tokens", type=int, default=200, help="tokens a reply (default %(default)s)")
    parser.add_argument("--rate", type=float, default=30, help="tokens a second (default %(default)s)")
    parser.add_argument("--repeat", type=int, help="repetitions (default 2, and 3 below 20 streams)")
    parser.add_argument(
        "--spread",
        type=float,
        default=2.0,
        help="seconds over which the largest load also begins; 0 leaves it out",
    )
    parser.add_argument("--quick", action="store_true", help="once each, 60 tokens, not written down")
    parser.add_argument("--output", type=Path, help="the page to write (default docs/benchmarks.md)")
    options = parser.parse_args()
    if options.quick:
        options.tokens, options.repeat = min(options.tokens, 60), options.repeat or 1
    return options


def _loads(options: argparse.Namespace) -> list[Load]:
    loads = [Load(int(number)) for number in options.streams.split(",")]
    largest = max(load.streams for load in loads)
    if options.spread and largest > 1:
        loads.append(Load(largest, options.spread))
    return loads


def _measure(stand: Stand, loads: list[Load], repeat: int | None) -> report.Samples:
    most = max(load.streams for load in loads)
    asyncio.run(stand.register(most))
    for target in ("bare", "ours"):
        _say(f"warming up {report.NAMES[target]}")
        stand.measure(target, Load(min(WARM_UP, most)), Sample())
    samples: report.Samples = {}
    for load in loads:
        both = samples.setdefault(load, {})
        if load.streams == most and not load.spread:
            _say(f"{load}: {report.NAMES['direct']}")
            stand.measure("direct", load, both.setdefault("direct", Sample()))
        for turn in range(repeat or (3 if load.streams < 20 else 2)):
            for target in ("bare", "ours"):
                _say(f"{load}: {report.NAMES[target]}, turn {turn + 1}")
                stand.measure(target, load, both.setdefault(target, Sample()))
    return samples


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _terminate(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(1)


def main() -> int:
    """Measure, print, write down; 1 when a reply was lost."""
    options = _options()
    signal.signal(signal.SIGTERM, _terminate)
    shape = (
        f"The upstream waits {TTFT_SECONDS * 1000:.0f} ms, then sends {options.rate:g} tokens a second, "
        f"{options.tokens} a reply."
    )
    with Stand(TTFT_SECONDS, options.rate, options.tokens) as stand:
        samples = _measure(stand, _loads(options), options.repeat)
    print("\n".join([shape, *report.facts(), "", report.tables(samples)]))
    output = options.output or (None if options.quick else PAGE)
    if output:
        report.write(output, samples, shape)
    wrong = report.errors(samples)
    if wrong:
        print("Replies were lost or incomplete:", *wrong, sep="\n", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

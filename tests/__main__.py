"""`python -m tests`: the whole suite. What it needs it starts, and stops, by itself."""

import os
import sys

import pytest

# The test files are shared out among so many processes, each with a database and a browser of its own.
WORKERS = max(2, min(4, os.cpu_count() or 2))

# Programs that tests start, many times each, need not be compiled anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-n", str(WORKERS), "--dist", "loadfile", *sys.argv[1:]]))

"""`python -m tests`: the whole suite. What it needs it starts, and stops, by itself."""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", *sys.argv[1:]]))

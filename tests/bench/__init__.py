"""How much Love Chat adds to a model's stream, measured beside a relay that does nothing else.

`python -m tests.bench` (or `make bench`) starts all it needs, each part in a process of its own.
"""

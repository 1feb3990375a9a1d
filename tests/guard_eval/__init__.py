"""How well the guard does, measured on generated sets: `python -m tests.guard_eval`."""

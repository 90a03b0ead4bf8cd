"""Figures and long campaigns: `python -m benchmarks.<name> --data FOLDER [--out FILE]`, one figure a line."""

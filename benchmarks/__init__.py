"""Figures that the documents state, measured; `make bench` writes docs/benchmarks.md."""

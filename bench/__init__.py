"""The benchmarks of docs/performance.md: our routes beside a bare application, in one run, on one PostgreSQL."""

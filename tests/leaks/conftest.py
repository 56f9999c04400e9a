"""The same PostgreSQL and service in processes of their own as for the faults."""

from tests.faults.conftest import durable, site

__all__ = ["durable", "site"]

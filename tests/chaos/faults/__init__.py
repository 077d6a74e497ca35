"""The faults; each enters itself into the table when its module is imported."""

from __future__ import annotations

from tests.chaos.faults import clocks, crowds, links, proxied, races, store, workers

FAMILIES = (workers, proxied, store, links, clocks, crowds, races)

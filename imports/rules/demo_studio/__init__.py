"""Demonstration studios: people, productions and years of work, invented but sane, in any size."""

from imports.rules.demo_studio.plan import SIZES, Plan
from imports.rules.demo_studio.studio import make_demo_studio

__all__ = ["SIZES", "Plan", "make_demo_studio"]

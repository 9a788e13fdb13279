"""Bringing over a whole ShotGrid site: from its API, or from files of its pages."""

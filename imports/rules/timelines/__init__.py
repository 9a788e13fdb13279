"""Cuts in: the clips of a timeline become shots with their frames."""

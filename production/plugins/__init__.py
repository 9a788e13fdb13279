"""Plugins: folders with a manifest, routes, handlers of events and pages of their own (docs/plugins.md)."""

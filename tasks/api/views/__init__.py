"""The views of this room, a module per resource."""

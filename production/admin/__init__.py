"""Back-office pages of productions and of the studio configuration that they are made of."""

from production.admin import configuration, planning, projects

__all__ = ["configuration", "planning", "projects"]

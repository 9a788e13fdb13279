"""What clients see of the people room's rows."""

from core.projection import Projection
from people.models import Department, HardwareItem, Software, Studio

DEPARTMENT = Projection(Department)
STUDIO = Projection(Studio)
HARDWARE_ITEM = Projection(HardwareItem)
SOFTWARE = Projection(Software)

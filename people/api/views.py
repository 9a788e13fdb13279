"""The routes of the studio's small tables."""

from core.api.views import ResourceViewSet
from people import readers
from people.permissions import any_person, is_admin

STUDIO_TABLE = {"list": any_person, "retrieve": any_person, "create": is_admin, "update": is_admin, "destroy": is_admin}
ADMIN_TABLE = dict.fromkeys(STUDIO_TABLE, is_admin)


class DepartmentViewSet(ResourceViewSet):
    """`/data/departments`."""

    reader = readers.DEPARTMENT
    access = STUDIO_TABLE


class StudioViewSet(ResourceViewSet):
    """`/data/studios`."""

    reader = readers.STUDIO
    access = STUDIO_TABLE


class SoftwareViewSet(ResourceViewSet):
    """`/data/softwares`."""

    reader = readers.SOFTWARE
    access = STUDIO_TABLE
    malformed_is_missing = True


class HardwareItemViewSet(ResourceViewSet):
    """`/data/hardware-items`."""

    reader = readers.HARDWARE_ITEM
    access = ADMIN_TABLE

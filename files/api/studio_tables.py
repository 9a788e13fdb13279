"""The routes of the small tables of files."""

from core.api.views import ResourceViewSet
from files import readers
from people.permissions import any_person, is_admin

STUDIO_TABLE = {"list": any_person, "retrieve": any_person, "create": is_admin, "update": is_admin, "destroy": is_admin}


class FileStatusViewSet(ResourceViewSet):
    """`/data/file-status`."""

    reader = readers.FILE_STATUS
    access = STUDIO_TABLE


class OutputTypeViewSet(ResourceViewSet):
    """`/data/output-types`."""

    reader = readers.OUTPUT_TYPE
    access = STUDIO_TABLE
    malformed_is_missing = True

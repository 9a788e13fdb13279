"""The routes of departments, their people and their equipment."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.converters import is_uuid
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import WrongParameter
from people import readers
from people.api.bodies import HardwareItemSchema, SoftwareSchema
from people.models import Department, Person
from people.permissions import any_person, is_admin
from people.rules import equipment

from .studio import STUDIO_TABLE


def some_id(text: str) -> UUID:
    """The id of a path. Raises WrongParameter when it is none."""
    if not is_uuid(text):
        raise WrongParameter("Wrong UUID format.")
    return UUID(text)


class DepartmentViewSet(ResourceViewSet):
    """`/data/departments`, and the people of each."""

    reader = readers.DEPARTMENT
    access = {**STUDIO_TABLE, "persons": any_person}

    def persons(self, request: Request, department_id: str) -> Any:
        """The people of a department by name: in full for studio managers, in short for all others."""
        equipment.row_of(Department, some_id(department_id))
        reader = readers.PERSON if request.user.is_admin else readers.PERSON_MINIMAL
        people = Person.objects.filter(departments=department_id, preview_project=None).order_by("first_name", "last_name")
        return json_array(reader.rows(people, relations=True))


class EquipmentViewSet(ApiViewSet):
    """What the people of departments need; `kind`, `reader` and `body` say of which sort it is."""

    access = dict.fromkeys(("of_all", "add", "retrieve", "remove"), is_admin)
    kind: equipment.Kind
    item_reader: Any
    link_reader: Any
    body: Callable[..., Any]

    def of_all(self, request: Request) -> Response:
        """The items of every department that has any."""
        items, links, column = self.kind
        found: dict[str, list[Any]] = {}
        linked = items._base_manager.filter(pk__in=links._base_manager.order_by().values(column))
        rows = {row["id"]: row for row in self.item_reader.rows(linked)}
        for department_id, item_id in links._base_manager.values_list("department_id", column):
            found.setdefault(str(department_id), []).append(rows[str(item_id)])
        return Response(found)

    def add(self, request: Request, department_id: str) -> Response:
        """Gives a department an item."""
        department = some_id(department_id)
        equipment.row_of(Department, department)
        link = equipment.equip(self.kind, department, getattr(typed_body(request, self.body), self.kind[2]))
        return Response(self.link_reader.one(link.pk), status=201)

    def retrieve(self, request: Request, department_id: str, item_id: str) -> Response:
        """An item that the department has."""
        item = equipment.item_of_department(self.kind, some_id(department_id), some_id(item_id))
        return Response(self.item_reader.one(item.pk))

    def remove(self, request: Request, department_id: str, item_id: str) -> Response:
        """Takes an item from a department."""
        equipment.unequip(self.kind, some_id(department_id), some_id(item_id))
        return Response(status=204)


class DepartmentHardwareViewSet(EquipmentViewSet):
    """`/data/departments/…/hardware-items`."""

    kind = equipment.HARDWARE
    item_reader = readers.HARDWARE_ITEM
    link_reader = readers.HARDWARE_LINK
    body = HardwareItemSchema


class DepartmentSoftwareViewSet(EquipmentViewSet):
    """`/data/departments/…/software-licenses`."""

    kind = equipment.LICENCES
    item_reader = readers.SOFTWARE
    link_reader = readers.SOFTWARE_LINK
    body = SoftwareSchema

"""Which machines and licences the people of a department need."""

from typing import Any

from django.db import models

from core.errors import NotFound
from core.transactions import whole_step
from people.models import Department, HardwareItem, HardwareItemDepartmentLink, Software, SoftwareDepartmentLink

Link = HardwareItemDepartmentLink | SoftwareDepartmentLink
# Kinds of equipment: the table, that of the links, and the column of the link that names the item.
HARDWARE = (HardwareItem, HardwareItemDepartmentLink, "hardware_item_id")
LICENCES = (Software, SoftwareDepartmentLink, "software_id")
Kind = tuple[type[models.Model], type[models.Model], str]


def row_of(model: type[models.Model], pk: Any) -> Any:
    """The row of an id. Raises NotFound."""
    found = model._base_manager.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


@whole_step()
def equip(kind: Kind, department_id: Any, item_id: Any) -> Any:
    """Give a department an item; the link that stands already is given back. Raises NotFound."""
    items, links, column = kind
    row_of(Department, department_id), row_of(items, item_id)
    return links._base_manager.get_or_create(department_id=department_id, **{column: item_id})[0]


def unequip(kind: Kind, department_id: Any, item_id: Any) -> None:
    """Take an item from a department, if it has it. Raises NotFound for a department or an item that does not exist."""
    items, links, column = kind
    row_of(Department, department_id), row_of(items, item_id)
    links._base_manager.filter(department_id=department_id, **{column: item_id}).delete()


def item_of_department(kind: Kind, department_id: Any, item_id: Any) -> Any:
    """An item that the department has. Raises NotFound."""
    items, links, column = kind
    if not links._base_manager.filter(department_id=department_id, **{column: item_id}).exists():
        raise NotFound()
    return row_of(items, item_id)

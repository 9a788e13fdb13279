"""Equipment: machines and software licences, and the departments whose people need them."""

from django.db import models

from core.fields import JsonField, is_list_of_texts
from core.models import BaseModel


class HardwareItem(BaseModel):
    """A kind of machine or device, with its monthly cost and how many the studio has."""

    name = models.CharField(max_length=40, unique=True)
    short_name = models.CharField(max_length=20)
    archived = models.BooleanField(null=True, blank=True, default=False)
    monthly_cost = models.IntegerField(null=True, blank=True, default=0)
    inventory_amount = models.IntegerField(null=True, blank=True, default=0)

    class Meta(BaseModel.Meta):
        db_table = "hardware_item"


class Software(BaseModel):
    """A program that people work with, with the extensions of its files, its monthly cost and the number of licences."""

    name = models.CharField(max_length=40, unique=True)
    short_name = models.CharField(max_length=20)
    archived = models.BooleanField(null=True, blank=True, default=False)
    version = models.CharField(max_length=20, null=True, blank=True)
    file_extension = models.CharField(max_length=20)
    secondary_extensions = JsonField(shape=is_list_of_texts, null=True, blank=True)
    monthly_cost = models.IntegerField(null=True, blank=True, default=0)
    inventory_amount = models.IntegerField(null=True, blank=True, default=0)

    class Meta(BaseModel.Meta):
        db_table = "software"


class HardwareItemDepartmentLink(BaseModel):
    """A hardware item that people of a department need."""

    department = models.ForeignKey("people.Department", models.CASCADE, related_name="hardware_links")
    hardware_item = models.ForeignKey("people.HardwareItem", models.CASCADE, related_name="department_links")

    class Meta(BaseModel.Meta):
        db_table = "hardware_item_department_link"
        constraints = [models.UniqueConstraint(fields=["department", "hardware_item"], name="hardware_link_unique")]


class SoftwareDepartmentLink(BaseModel):
    """A software licence that people of a department need."""

    department = models.ForeignKey("people.Department", models.CASCADE, related_name="software_links")
    software = models.ForeignKey("people.Software", models.CASCADE, related_name="department_links")

    class Meta(BaseModel.Meta):
        db_table = "software_department_link"
        constraints = [models.UniqueConstraint(fields=["department", "software"], name="software_link_unique")]

"""Searches that people keep for their lists."""

from django.db import models

from core.models import BaseModel
from production.querysets import KeptSearchQuerySet


class SearchFilterGroup(BaseModel):
    """A named and coloured group of kept searches, of one person or shared with a production."""

    list_type = models.CharField(max_length=80)
    entity_type = models.CharField(max_length=80, null=True, blank=True)
    name = models.CharField(max_length=200, default="")
    color = models.CharField(max_length=8, default="")
    is_shared = models.BooleanField(default=False)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")

    objects = KeptSearchQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "search_filter_group"


class SearchFilter(BaseModel):
    """A kept search of a list, of one person or shared with a production."""

    list_type = models.CharField(max_length=80)
    entity_type = models.CharField(max_length=80, null=True, blank=True)
    name = models.CharField(max_length=200, default="")
    search_query = models.CharField(max_length=500, default="")
    is_shared = models.BooleanField(default=False)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, blank=True, related_name="search_filters")
    search_filter_group = models.ForeignKey(
        "production.SearchFilterGroup", models.CASCADE, null=True, blank=True, related_name="filters"
    )
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="search_filters")
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="search_filters")

    objects = KeptSearchQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "search_filter"

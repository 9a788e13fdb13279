"""Filters."""

from django.db import models

from core.models import BaseModel


class SearchFilterGroup(BaseModel):
    """SearchFilterGroup (specification: /data/search-filter-groups)."""

    list_type = models.CharField(max_length=80)
    entity_type = models.CharField(max_length=80, null=True, blank=True)
    name = models.CharField(max_length=200, default="")
    color = models.CharField(max_length=8, default="")
    is_shared = models.BooleanField(default=False)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, blank=True, related_name="search_filter_groups")

    class Meta(BaseModel.Meta):
        db_table = "search_filter_group"


class SearchFilter(BaseModel):
    """SearchFilter (specification: /data/search-filters)."""

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

    class Meta(BaseModel.Meta):
        db_table = "search_filter"

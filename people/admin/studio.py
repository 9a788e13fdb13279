"""Back-office pages of the studio: its departments, branches, equipment, salaries and days off."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import (
    RowInline,
    StudioAdmin,
    UnlistedAdmin,
    count_of,
    linked,
    list_link,
    picture,
    swatch,
)
from people.models import (
    DayOff,
    Department,
    HardwareItem,
    HardwareItemDepartmentLink,
    Organisation,
    Person,
    SalaryScale,
    Software,
    SoftwareDepartmentLink,
    Studio,
)
from people.rules.days_off import change_day_off, enter_day_off


@admin.register(Department)
class DepartmentAdmin(StudioAdmin):
    list_display = ("name", "shade", "archived", "people")
    list_filter = ("archived",)
    search_fields = ("name",)
    ordering = ("name",)
    counts = {"n_people": count_of(Person.departments.through, "department")}

    @admin.display(description="colour", ordering="color")
    def shade(self, department: Department) -> str:
        return swatch(department.color)

    @admin.display(description="people", ordering="n_people")
    def people(self, department: Any) -> str:
        return list_link(Person, department.n_people, departments__id__exact=department.pk)


@admin.register(Studio)
class StudioPageAdmin(StudioAdmin):
    called = ("branch", "branches")
    list_display = ("name", "shade", "archived", "people")
    list_filter = ("archived",)
    search_fields = ("name",)
    ordering = ("name",)
    counts = {"n_people": count_of(Person, "studio")}

    @admin.display(description="colour", ordering="color")
    def shade(self, studio: Studio) -> str:
        return swatch(studio.color)

    @admin.display(description="people", ordering="n_people")
    def people(self, studio: Any) -> str:
        return list_link(Person, studio.n_people, studio__id__exact=studio.pk)


@admin.register(Organisation)
class OrganisationAdmin(StudioAdmin):
    list_display = ("name", "logo", "hours_by_day", "timesheets_locked", "hd_by_default", "use_original_file_name")
    search_fields = ("name",)
    hidden = ("has_avatar",)
    readonly_fields = ("logo",)

    @admin.display(description="picture")
    def logo(self, organisation: Organisation) -> str:
        return picture("organisations", organisation, exists=organisation.has_avatar, text=organisation.name)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one studio."""
        return super().has_add_permission(request) and not Organisation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SalaryScale)
class SalaryScaleAdmin(StudioAdmin):
    list_display = ("describe", "position", "seniority", "salary")
    list_editable = ()
    list_filter = ("department", "position", "seniority")
    list_select_related = ("department",)
    search_fields = ("department__name",)
    ordering = ("department__name", "position", "seniority")
    readonly_fields = ("department", "position", "seniority")
    described_by = ("department",)

    @admin.display(description="salary scale", ordering="department__name")
    def describe(self, row: SalaryScale) -> str:
        return f"{row.department}, {row.seniority or 'any'} {row.position or 'position'}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The table makes its own rows: one for each department, position and seniority."""
        return False


@admin.register(DayOff)
class DayOffAdmin(StudioAdmin):
    called = ("day off", "days off")
    list_display = ("date", "end_date", linked("person", order="person__last_name"), "description")
    list_filter = ("date",)
    search_fields = ("person__first_name", "person__last_name", "description")
    date_hierarchy = "date"
    ordering = ("-date",)
    described_by = ("person",)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> DayOff:
        return enter_day_off(values, by=by)

    def update_by_rule(self, row: DayOff, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> DayOff:
        return change_day_off(row, values, by=by)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """Nobody's day off is nothing to enter."""
        form = super().get_form(request, obj, change, **options)
        if "person" in form.base_fields:
            form.base_fields["person"].required = True
        return form

    def describe(self, row: DayOff) -> str:
        return f"{row.person or 'Nobody'}, {row.date} to {row.end_date}"


class HardwareDepartmentInline(RowInline):
    model = HardwareItemDepartmentLink
    fields = ("department",)
    verbose_name, verbose_name_plural = "department", "Departments that need it"


class SoftwareDepartmentInline(RowInline):
    model = SoftwareDepartmentLink
    fields = ("department",)
    verbose_name, verbose_name_plural = "department", "Departments that need it"


@admin.register(HardwareItem)
class HardwareItemAdmin(StudioAdmin):
    list_display = ("name", "short_name", "inventory_amount", "monthly_cost", "archived")
    list_filter = ("archived",)
    search_fields = ("name", "short_name")
    ordering = ("name",)
    inlines = (HardwareDepartmentInline,)


@admin.register(Software)
class SoftwareAdmin(StudioAdmin):
    called = ("software", "software")
    list_display = ("name", "short_name", "version", "file_extension", "inventory_amount", "monthly_cost", "archived")
    list_filter = ("archived",)
    search_fields = ("name", "short_name")
    ordering = ("name",)
    inlines = (SoftwareDepartmentInline,)


@admin.register(HardwareItemDepartmentLink)
class HardwareLinkAdmin(UnlistedAdmin):
    list_display = (linked("hardware_item"), linked("department"))
    list_display_links = None
    list_filter = ("department",)
    search_fields = ("hardware_item__name", "department__name")


@admin.register(SoftwareDepartmentLink)
class SoftwareLinkAdmin(UnlistedAdmin):
    list_display = (linked("software"), linked("department"))
    list_display_links = None
    list_filter = ("department",)
    search_fields = ("software__name", "department__name")

"""The back-office page of imports: what came in, and the way by which sheets come in here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from core.admin import ReadOnlyAdmin, linked, panel
from core.errors import NotFound, Refusal
from imports.admin.forms import SheetForm
from imports.admin.preview import Preview
from imports.models import ImportPlan, ImportRecord
from imports.rules.plans import PlanChanged, apply_plan, draw_up, give_up, look_through, plan_of
from imports.sheets.reading import LineRefused
from production.models import Project

HEADINGS = ("Rows", "Number")


@admin.register(ImportRecord)
class ImportRecordAdmin(ReadOnlyAdmin):
    """Imports: adding one is uploading a sheet, looking through what it would do, and applying that."""

    called = ("import", "imports")
    list_display = (
        "created_at",
        "kind",
        "file_name",
        linked("project"),
        linked("person", "by", order="person__last_name"),
        "totals",
        "door",
    )
    list_filter = ("door", "created_at", "project")
    search_fields = ("kind", "file_name", "checksum", "person__first_name", "person__last_name", "project__name")
    ordering = ("-created_at", "-id")
    hidden = ("counts", "updated_at")
    readonly_fields = ("numbers",)
    sections = (
        (None, ("kind", "door", "person", "project", "numbers")),
        ("File", ("file_name", "size", "checksum")),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Studio managers import."""
        return admin.ModelAdmin.has_add_permission(self, request)

    @admin.display(description="rows")
    def totals(self, record: ImportRecord) -> str:
        """The numbers in one line."""
        return ", ".join(f"{count} {word}" for word, count in record.counts.items() if count) or self.empty_value_display

    @admin.display(description="rows")
    def numbers(self, record: ImportRecord) -> str:
        """The numbers of rows by what became of them."""
        return panel(HEADINGS, record.counts.items(), empty="None.")

    def get_urls(self) -> list[URLPattern]:
        """The page of a plan, besides Django's own."""
        own = path("plan/<uuid:plan_id>/", self.admin_site.admin_view(self.plan_view), name="imports_importrecord_plan")
        return [own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponseBase:
        """Takes a sheet; what it would do is on the next page."""
        self.admit(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = SheetForm(*sent, initial={"project": request.GET.get("project")})
        if form.is_valid():
            try:
                plan = draw_up(form.cleaned_data["kind"], form.cleaned_data["file"].read(), by=request.user, **form.chosen())
            except Refusal as refusal:
                form.add_error("file", refusal.message)
            else:
                return HttpResponseRedirect(plan_page(plan.pk))
        return self.page(request, "sheet", {"form": form, "title": "Import a sheet"})

    def plan_view(self, request: HttpRequest, plan_id: Any) -> HttpResponseBase:
        """Shows what a sheet would do; applies it, or forgets it."""
        self.admit(request)
        try:
            if "_cancel" in request.POST:
                give_up(plan_id, by=request.user)
                messages.info(request, "The file was forgotten; nothing was stored.")
                return HttpResponseRedirect(reverse("admin:imports_importrecord_changelist"))
            if request.method == "POST":
                return self.applied(request, plan_id)
            return self.preview(request, plan_of(plan_id, by=request.user))
        except NotFound as refusal:
            messages.error(request, refusal.message.removeprefix("404 Not Found: "))
            return HttpResponseRedirect(reverse("admin:imports_importrecord_changelist"))

    def applied(self, request: HttpRequest, plan_id: Any) -> HttpResponseBase:
        """Applies a plan as it was seen; shows it anew where it would do something else by now."""
        try:
            report = apply_plan(plan_id, request.POST.get("seen", ""), by=request.user)
        except (PlanChanged, LineRefused) as refusal:
            messages.warning(request, refusal.message)
            return HttpResponseRedirect(plan_page(plan_id))
        totals = ", ".join(f"{count} {outcome}" for outcome, count in report.totals.items() if count)
        messages.success(request, f"The sheet was imported: {totals or 'it had no lines'}.")
        return HttpResponseRedirect(reverse("admin:imports_importrecord_changelist"))

    def preview(self, request: HttpRequest, plan: ImportPlan) -> HttpResponseBase:
        """The page of a plan."""
        preview = Preview(plan, look_through(plan, by=request.user), request.GET.get("page", 1))
        project = Project.objects.filter(pk=plan.target.get("project")).first()
        shown = {"plan": plan, "preview": preview, "project": project, "title": "What the sheet would do"}
        return self.page(request, "plan", shown)

    def admit(self, request: HttpRequest) -> None:
        """Raises PermissionDenied for whoever may not import."""
        if not self.has_add_permission(request):
            raise PermissionDenied

    def page(self, request: HttpRequest, name: str, shown: dict[str, Any]) -> TemplateResponse:
        """One of this page's own templates."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, **shown}
        return TemplateResponse(request, f"admin/imports/importrecord/{name}.html", context)


def plan_page(plan_id: Any) -> str:
    """The address of a plan."""
    return reverse("admin:imports_importrecord_plan", args=[plan_id])

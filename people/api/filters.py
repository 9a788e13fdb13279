"""Filters of persons and of the organisation: who may ask by what."""

from typing import Any

from django.db.models.functions import Lower

from core.api.filters import ColumnFilter, NothingFilter, RelationFilter, ResourceFilterSet, filterset_for
from core.errors import WrongParameter
from people.models import Person
from people.readers import ORGANISATION, ORGANISATION_SECRETS, ORGANISATION_WITHOUT_SECRETS, PERSON, full_name
from people.rules.persons import SECRETS

OPEN_NAMES = {
    *("id", "first_name", "last_name", "full_name", "has_avatar", "active", "departments"),
    *("studio_id", "role", "desktop_login", "email", "is_bot", "is_guest"),
}


class BarredFilter(NothingFilter):
    """A column that exists, but by which this person may not search."""

    def filter(self, qs: Any, value: str) -> Any:
        """Refuses."""
        raise WrongParameter(f"Filtering on {self.parent_name} is not allowed.")


class EmailFilter(ColumnFilter):
    """An address, in any letter case."""

    def clean(self, value: str) -> str:
        """The address in lower case."""
        return value.lower()

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset."""
        return super().filter(qs.alias(folded_email=Lower("email")), value)


class FullNameFilter(ColumnFilter):
    """First and last name as they are shown."""

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset."""
        return super().filter(qs.alias(shown_name=full_name()), value)


def person_filters(names: set[str]) -> type[ResourceFilterSet]:
    """The filterset of persons for somebody who may ask by these names; others that exist are refused."""
    extra: dict[str, ColumnFilter] = {
        "email": EmailFilter(field_name="folded_email"),
        "full_name": FullNameFilter(field_name="shown_name"),
        "departments": RelationFilter(field_name="departments"),
    }
    columns = {field.attname for field in Person._meta.concrete_fields}
    return filterset_for(PERSON, **{**extra, **{name: BarredFilter(field_name=name) for name in columns - names}})


FILTERS_FOR_MANAGERS = person_filters({field.attname for field in Person._meta.concrete_fields} - set(SECRETS))
FILTERS_FOR_ALL = person_filters(OPEN_NAMES)
ORGANISATION_FILTERS = filterset_for(ORGANISATION)
ORGANISATION_FILTERS_FOR_ALL = filterset_for(
    ORGANISATION_WITHOUT_SECRETS, **{name: BarredFilter(field_name=name) for name in ORGANISATION_SECRETS}
)

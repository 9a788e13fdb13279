"""Columns of metadata: one for each descriptor of the production, by the descriptor's name."""

from imports.rules.sheets.columns import Column, Draft, truth_of
from imports.rules.sheets.lookups import People
from production.models import MetadataDescriptor


class MetadataColumn(Column):
    """A key of the row's `data`, as text. An empty cell is a value like any other."""

    takes_blank = True

    def __init__(self, descriptor: MetadataDescriptor) -> None:
        super().__init__(descriptor.name, into=descriptor.field_name, in_data=True)


class BooleanColumn(MetadataColumn):
    """A key that is the text `true` or `false`."""

    def clean(self, cell: str) -> str:
        """What a word for yes or no says; nothing for an empty cell. Raises a refusal for other words."""
        if not cell.strip():
            return ""
        return "true" if truth_of(cell, self.names[0]) else "false"

    def assign(self, draft: Draft, cell: str, value: str) -> None:
        """Exports show `false` where nothing is set."""
        super().assign(draft, cell, value)
        draft.unset[self.into] = "false"


class PersonColumn(MetadataColumn):
    """A key that is a person's id."""

    def __init__(self, descriptor: MetadataDescriptor, people: People) -> None:
        super().__init__(descriptor)
        self.people = people

    def clean(self, cell: str) -> str:
        """The id of whom the cell names; nothing for an empty cell. Raises a refusal."""
        return str(self.people.named(cell).pk) if cell.strip() else ""


def metadata_columns(descriptors: list[MetadataDescriptor], header: tuple[str, ...]) -> list[MetadataColumn]:
    """The columns of those descriptors that the file has a column for."""
    present = [descriptor for descriptor in descriptors if descriptor.name in header]
    people = People() if any(descriptor.data_type == "person" for descriptor in present) else None
    return [column_of(descriptor, people) for descriptor in present]


def column_of(descriptor: MetadataDescriptor, people: People | None) -> MetadataColumn:
    """The column of a descriptor, by its kind of value."""
    if descriptor.data_type == "boolean":
        return BooleanColumn(descriptor)
    if descriptor.data_type == "person" and people is not None:
        return PersonColumn(descriptor, people)
    return MetadataColumn(descriptor)

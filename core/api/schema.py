"""The API's description as OpenAPI 3.1, drawn from the code: projections, input serializers, bodies, filters, checks."""

import re
from types import ModuleType
from typing import Any

from django.db import models
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from core.api.filters import BooleanFilter, FloatFilter, IntegerFilter, RelationFilter, UuidFilter
from core.api.parsers import Body
from core.fields import CodeField
from core.projection import Projection

Schema = dict[str, Any]
PARAMETER = re.compile(r"\{(\w+)\}")
TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
JSON_LIST: Schema = {"type": "array", "items": {}}
COLUMN_SCHEMAS: list[tuple[type[models.Field], Schema]] = [
    (models.ForeignKey, UUID),
    (models.UUIDField, UUID),
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.FloatField, {"type": "number"}),
    (models.DateTimeField, {"type": "string", "description": "ISO 8601, naive UTC"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.JSONField, {}),
]
FILTER_SCHEMAS: list[tuple[type, Schema]] = [
    (RelationFilter, UUID),
    (UuidFilter, TEXT),
    (BooleanFilter, TEXT),
    (IntegerFilter, TEXT),
    (FloatFilter, TEXT),
]
LIST_OPTIONS = {
    "page": "Page to answer, from 1; without it the whole list.",
    "limit": "Rows a page.",
    "relations": "`true` adds the lists of related ids.",
    "fields": "Names of the fields to keep, separated by commas.",
}
BY_PYDANTIC = "#/components/schemas/{model}"


def column_schema(column: models.Field) -> Schema:
    """The JSON type of a column's values."""
    found = dict(next((schema for kind, schema in COLUMN_SCHEMAS if isinstance(column, kind)), TEXT))
    if isinstance(column, CodeField):
        found = {"type": "string", "enum": [code for code, _ in column.choices or []]}
    if isinstance(column, models.CharField) and column.max_length and not isinstance(column, CodeField):
        found["maxLength"] = column.max_length
    return {"anyOf": [found, {"type": "null"}]} if column.null and found else found


def projection_schema(reader: Projection) -> Schema:
    """The object that a projection answers."""
    properties = {name: column_schema(column) for name, column in reader.columns.items()}
    properties |= {name: {} for name in (*reader.computed, *reader.embedded)}
    properties |= {name: {"type": "array", "items": UUID} for name in reader.relations}
    properties["type"] = TEXT if reader.type in reader.computed else {"type": "string", "const": reader.type}
    return {"type": "object", "properties": properties, "required": ["id", "type"]}


def names_used(function: Any) -> list[Any]:
    """What a view's method refers to by name, in its own module or in a module that it names."""
    code, scope = function.__code__, function.__globals__
    found = [scope[name] for name in code.co_names if name in scope]
    for module in [thing for thing in found if isinstance(thing, ModuleType)]:
        found += [getattr(module, name) for name in code.co_names if hasattr(module, name)]
    return found


class StudioSchema(AutoSchema):
    """Describes the routes of a view by what the view's own code names, so that the description can't drift from it."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Schema | None:
        """One operation of the document."""
        self.registry, self.path, self.method = registry, path, method
        view, action = self.view, getattr(self.view, "action", None)
        if action is None or action not in getattr(view, "access", {}):
            return None
        function = getattr(type(view), action)
        operation: Schema = {
            "operationId": self.operation_name(method, path),
            "description": " ".join((function.__doc__ or "").split()),
            "tags": [self.room(path)],
            "parameters": [*self.path_parameters(path), *self.query_parameters(action, method)],
            "responses": self.responses(action, method, function),
            "x-who-may": str(view.access[action]),
        }
        if method in ("POST", "PUT"):
            operation["requestBody"] = {"content": {"application/json": {"schema": self.body_schema(action, function)}}}
        operation["security"] = [] if view.access[action].public else [{"token": []}, {"cookie": []}]
        return operation

    def operation_name(self, method: str, path: str) -> str:
        """A name that no other operation has: the verb and the words of the path."""
        words = re.sub(r"\{(\w+)\}", r"by_\1", path).replace("/", "_").replace("-", "_").replace(".", "_").strip("_")
        return f"{method.lower()}_{words or 'root'}"

    def room(self, path: str) -> str:
        """The group under which the pages show a route."""
        parts = [part for part in path.split("/") if part and not part.startswith("{")]
        return parts[1] if len(parts) > 1 else (parts or ["server"])[0]

    def path_parameters(self, path: str) -> list[Schema]:
        """The parameters of the path; ids are UUIDs."""
        return [
            {"name": name, "in": "path", "required": True, "schema": UUID if name == "pk" or name.endswith("_id") else TEXT}
            for name in PARAMETER.findall(path)
        ]

    def query_parameters(self, action: str, method: str) -> list[Schema]:
        """The filters and options of a generic list."""
        filterset = getattr(self.view, "filterset_class", None)
        if action != "list" or filterset is None:
            return []
        filters = [
            {"name": name, "in": "query", "schema": next((s for kind, s in FILTER_SCHEMAS if isinstance(column, kind)), TEXT)}
            for name, column in filterset.base_filters.items()
        ]
        return filters + [{"name": n, "in": "query", "description": d, "schema": TEXT} for n, d in LIST_OPTIONS.items()]

    def component(self, name: str, schema: Schema) -> Schema:
        """A reference to a named part of the document, which it adds when it is new."""
        part = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(part)
        return part.ref

    def body_schema(self, action: str, function: Any) -> Schema:
        """What may be sent: a row's columns, a body of known fields, or any JSON."""
        serializer = getattr(self.view, "row_serializer", None)
        if action in ("create", "update") and serializer is not None:
            meta = serializer.Meta
            properties = {name: column_schema(column) for name, column in meta.columns.items() if name not in meta.ignored}
            properties |= {name: {"type": "array", "items": UUID} for name in meta.relations}
            return self.component(serializer.__name__, {"type": "object", "properties": properties})
        for body in names_used(function):
            if isinstance(body, type) and issubclass(body, Body) and body is not Body:
                schema = body.model_json_schema(ref_template=BY_PYDANTIC)
                for name, part in schema.pop("$defs", {}).items():
                    self.component(name, part)
                return self.component(body.__name__, schema)
        return {}

    def responses(self, action: str, method: str, function: Any) -> Schema:
        """The answer of success, and the shape of every refusal."""
        refusal = self.component(
            "Refusal",
            {"type": "object", "properties": {"error": {"type": "boolean"}, "message": TEXT, "msg": TEXT, "data": {}}},
        )
        status = "204" if method == "DELETE" else "201" if action == "create" else "200"
        schema = self.answer_schema(action, function)
        success: Schema = {"description": "Done."}
        if status != "204":
            success["content"] = {"application/json": {"schema": schema}}
        return {status: success, "4XX": {"description": "Refused.", "content": {"application/json": {"schema": refusal}}}}

    def answer_schema(self, action: str, function: Any) -> Schema:
        """The JSON of success: rows of the projection that the view reads, or any JSON."""
        used = names_used(function)
        reader = next((thing for thing in used if isinstance(thing, Projection)), None)
        generic = action in ("list", "retrieve", "create", "update", "destroy")
        reader = reader or (getattr(self.view, "reader", None) if generic else None)
        if reader is None:
            return {}
        one = self.component(
            reader.type if reader.type not in reader.computed else reader.model.__name__, projection_schema(reader)
        )
        called = set(function.__code__.co_names)
        return {"type": "array", "items": one} if action == "list" or called & {"rows", "some", "json_array"} else one

"""Projections: rows without model instances, alike from lists, single reads and prepared statements."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Upper

from core.json import dumps
from core.projection import CHUNK, Projection, chunks
from core.sql import Prepared, values_of
from people.models import Department, Person
from tests.makers import make_department, make_person

DEPARTMENT = Projection(Department)
PERSON = Projection(Person, relations=["departments"], hidden=["password"])


def test_list_and_single_read_give_the_same_row(db):
    person = make_person(data={"desk": 4}, role="vendor")
    person.departments.add(make_department())
    (listed,) = PERSON.rows(Person.objects.order_by(), relations=True)
    assert dumps(listed) == dumps(PERSON.one(person.pk)) == dumps(PERSON.by_id(str(person.pk)))
    assert b'"data":{"desk":4}' in dumps(listed).replace(b" ", b"")
    assert (listed["id"], listed["type"], listed["archived"]) == (str(person.pk), "Person", False)
    assert "password" not in listed


def test_a_kept_statement_serves_every_id(db, django_assert_num_queries):
    first, second = make_department(name="A"), make_department(name="B")
    assert DEPARTMENT.one(first.pk)["name"] == "A"
    with django_assert_num_queries(3):
        assert DEPARTMENT.one(second.pk)["name"] == "B"
        assert DEPARTMENT.by_id(first.pk)["name"] == "A"
        assert DEPARTMENT.by_id(uuid4()) is None
    with pytest.raises(Department.DoesNotExist):
        DEPARTMENT.one(uuid4())


def test_a_kept_statement_takes_several_ids_in_any_order(db):
    first, second = make_department(name="A"), make_department(name="B")
    either = Prepared(lambda a, b: Department.objects.filter(pk__in=[b, a]).order_by("name").values("name", "created_at"))
    names, rows = either.fetch(second.pk, first.pk)
    assert (names, [row[0] for row in rows]) == (["name", "created_at"], ["A", "B"])
    assert rows[0][1] == first.created_at
    assert [row[0] for row in either.fetch(first.pk, uuid4())[1]] == ["A"]
    with pytest.raises(ValueError, match="badly formed"):
        either.fetch("no id", first.pk)


def test_expressions_selected_beside_the_fields_lose_their_underscore(db):
    department = make_department(name="Layout")
    row = DEPARTMENT.by_id(department.pk, _shouted=Upper("name"))
    assert row["shouted"] == "LAYOUT"
    query = DEPARTMENT.query(Department.objects.order_by(), only={"name"}, _again=F("name"))
    assert [dict(row) for row in DEPARTMENT.shape(query)] == [
        {"id": str(department.pk), "name": "Layout", "again": "Layout", "type": "Department"}
    ]


def test_a_computed_type_stands_in_place_of_the_models_name(db):
    reader = Projection(Department, type="kind", computed={"kind": Upper(Value("lab"))})
    department = make_department()
    assert reader.one(department.pk)["type"] == "LAB"
    (row,) = reader.rows(Department.objects.order_by(), only={"id", "type"})
    assert row == {"id": str(department.pk), "type": "LAB"}


def test_rows_come_in_pieces_from_one_statement(db, django_assert_num_queries):
    Department.objects.bulk_create(Department(name=f"D{number}", color="#000000") for number in range(CHUNK + 3))
    with django_assert_num_queries(1):
        assert [len(piece) for piece in chunks(DEPARTMENT.rows(Department.objects.order_by()))] == [CHUNK, 3]


def test_a_query_that_matches_nothing_gives_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert list(DEPARTMENT.rows(Department.objects.none())) == []
    names, rows = values_of(Department.objects.filter(name="nobody").values("name"))
    assert (names, list(rows)) == (["name"], [])


def test_rows_given_up_half_way_close_their_cursor(db):
    make_department()
    make_department()
    rows = DEPARTMENT.rows(Department.objects.order_by())
    next(rows)
    rows.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM department")
        assert cursor.fetchone() == (2,)


def open_cursors():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE statement LIKE '%%department%%' AND name <> ''")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_the_driver_never_holds_a_long_list_and_a_short_one_costs_one_statement(monkeypatch, django_assert_num_queries):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's driver reads row by row")
    monkeypatch.setattr("core.sql.HELD", 5)
    Department.objects.bulk_create(Department(name=f"D{number}", color="#000000") for number in range(7))
    by_name = Department.objects.order_by("name")
    with django_assert_num_queries(1):
        assert [row["name"] for row in DEPARTMENT.rows(by_name[:4])] == ["D0", "D1", "D2", "D3"]
    assert list(DEPARTMENT.rows(Department.objects.none())) == []
    rows = DEPARTMENT.rows(by_name)
    assert next(rows)["name"] == "D0" and connection.in_atomic_block and open_cursors() == 1
    assert [row["name"] for row in rows] == [f"D{number}" for number in range(1, 7)]
    assert not connection.in_atomic_block and open_cursors() == 0
    given_up = DEPARTMENT.rows(by_name)
    next(given_up)
    given_up.close()
    assert not connection.in_atomic_block and open_cursors() == 0


def test_postgresql_keeps_a_statement_that_is_used_again_and_again(db, settings, django_assert_num_queries):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL alone keeps statements")
    department, found = (
        make_department(name="Layout"),
        Prepared(lambda pk: Department.objects.filter(pk=pk, archived=False).values("name")),
    )

    def is_kept():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [found.name])
            return cursor.fetchone() == (1,)

    with django_assert_num_queries(7):
        for kept in (False, False, True):
            assert found.fetch(department.pk) == (["name"], [("Layout",)])
            assert is_kept() is kept
        assert found.fetch(uuid4())[1] == []
    settings.PREPARED_STATEMENTS = False
    assert found.fetch(department.pk)[1] == [("Layout",)]

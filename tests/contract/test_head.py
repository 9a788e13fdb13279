"""Asking for headers alone changes nothing: every GET of the permission table, asked with HEAD, writes no row."""

import re

import pytest
from django.db import connection, transaction

from tests.client import ApiClient
from tests.contract.company import Company, make_company
from tests.contract.test_permissions import LINES, address

READS = sorted({line[1] for line in LINES if line[0] == "GET" and not line[1].startswith("/auth")})
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# Reads that make what a page needs and nobody has made yet; whoever asks later gets the same rows.
KNOWN = (
    "/data/projects/{project_id}/schedule-items/{task_type_id}/",
    "/data/salary-scales",
    "/data/scenes/{scene_id}/camera-instances",
)


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """Everybody and everything, stored once."""
    return make_company()


def written(client: ApiClient, path: str) -> tuple[int, list[str]]:
    """The status, and the statements of one request that write; what they did is taken back."""
    found: list[str] = []

    def listen(execute, sql, params, many, context):
        if WRITES.match(sql):
            found.append(sql[:120])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(listen):
            status = client.request("head", path).status_code
        transaction.set_rollback(True)
    return status, found


def test_nothing_is_written_for_headers(company, db):
    client, wrong, answered = ApiClient(company.people["admin"]), {}, 0
    for path in READS:
        status, found = written(client, address("GET", path, company))
        answered += status == 200
        if found and not path.startswith(KNOWN):
            wrong[path] = found
    assert not wrong, "\n".join(f"{path}: {found}" for path, found in wrong.items())
    assert answered > len(READS) / 2


@pytest.mark.parametrize("path", ["/data/playlists/{playlist}/build/mp4", "/actions/persons/{artist}/invite"])
def test_what_acts_is_refused_for_headers(company, db, path):
    address = path.format(**company.ids)
    assert ApiClient(company.people["admin"]).request("head", address).status_code == 405

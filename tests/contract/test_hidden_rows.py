"""What is hidden from somebody leaves the server by no route: marked rows, asked for by every GET of the permission table.

A word marks what belongs to a production that one is not in, what is not a vendor's own work, what is inner to the studio,
and what belongs to a person alone. Whoever may not know it must not find it in any answer, whatever its route.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest

from people.models import DayOff, Organisation, Person
from production.models import Project
from tasks.models import Comment
from tests.client import ApiClient
from tests.contract.company import AUDIENCES, ELSEWHERE, OUTSIDE, TEAM, Company, make_company
from tests.contract.marked import furnish
from tests.contract.test_permissions import LINES, address

FOREIGN, THEIRS, INNER, PHONE, SECRET = "Foreignword", "Otherswork", "Innerword", "5550123456", "Hiddensecret"
SALARY, ESTIMATION, SPENT = 31337, 7654321.0, 8765432.0
READS = [line for line in LINES if line[0] == "GET" and not line[1].startswith("/auth")]


# One of each kind of reader; the rest of the company sees as much as one of these.
READERS = (
    *("manager", "supervisor", "user", "demoted", "client", "hired", "vendor"),
    *("manager_elsewhere", "supervisor_elsewhere", "client_elsewhere", "vendor_elsewhere"),
)


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """The company of the permission table, and beside it what is not for everybody."""
    company = make_company()
    people, here = company.people, Project.objects.get(name="Here")
    manager = people["manager"]
    furnish(Project.objects.get(name="Elsewhere"), FOREIGN, people["manager_elsewhere"])
    furnish(here, THEIRS, manager, estimation=ESTIMATION, duration=SPENT, due_date=datetime(2031, 7, 9))
    Comment.objects.filter(pk=company.ids["comment"]).update(text=INNER)
    secrets = {"totp_secret": SECRET, "email_otp_secret": SECRET, "otp_recovery_codes": [SECRET], "oidc_subject": SECRET}
    Person.objects.filter(pk=manager.pk).update(phone=PHONE, daily_salary=SALARY, password=SECRET, **secrets)
    DayOff.objects.create(person=manager, date=date(2026, 2, 3), end_date=date(2026, 2, 4), description=PHONE)
    Organisation.objects.update_or_create(name="Studio", defaults={"chat_token_slack": f"{SECRET} chat"})
    return company


def hidden_words(name: str, company: Company) -> set[str]:
    """What a reader must not find; numbers as answers write them."""
    words = {SECRET, FOREIGN if name in TEAM else THEIRS}
    if name in OUTSIDE:
        words.add(INNER)
    if TEAM.get(name) == "vendor":
        words.add(THEIRS)
    if name == "client":
        others = {company.people[somebody].first_name for somebody in ELSEWHERE}
        words |= {f":{ESTIMATION:.0f}", f":{SPENT:.0f}", "2031-07-09", INNER, *others}
    if name not in AUDIENCES["STUDIO_MANAGERS"]:
        words |= {PHONE, f":{SALARY}"}
    return words


@pytest.fixture(scope="module")
def readers(company) -> list[tuple[str, ApiClient, set[str]]]:
    """Everybody's way in, and what they must not find."""
    return [(name, ApiClient(company.people[name]), hidden_words(name, company)) for name in READERS]


# Where a word is meant for who would else not read it, with the reason.
KNOWN = {
    ("/data/projects/{project_id}/milestones", THEIRS): "vendors keep to the dates of the production",
    ("/data/milestones", THEIRS): "as above",
    ("/data/projects/{project_id}/metadata-descriptors", THEIRS): "a column without departments is everybody's",
    ("/data/metadata-descriptors", THEIRS): "as above",
    ("/data/projects/{pk}", THEIRS): "as above",
    ("/data/projects", THEIRS): "as above",
    ("/data/projects/open", THEIRS): "as above",
    ("/data/projects/all", THEIRS): "as above",
    ("/data/user/projects/open", THEIRS): "as above",
    ("/data/user/context", THEIRS): "as above",
}


def found_in(answer: Any, words: Iterable[str]) -> set[str]:
    """The words that an answer holds."""
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
    return {word for word in words if word in text}


@pytest.mark.parametrize("line", READS, ids=lambda line: line[1])
def test_nobody_reads_what_is_hidden_from_them(company, readers, db, line):
    path, leaks = address(line[0], line[1], company), {}
    known = {word for route, word in KNOWN if route == line[1].partition("?")[0]}
    for name, client, words in readers:
        answer = client.get(path)
        if answer.status_code == 200 and (found := found_in(answer, words - known)):
            leaks[name] = found
    assert not leaks


def test_nobody_finds_what_is_hidden_from_them(readers, db):
    for name, client, words in readers:
        for word in {FOREIGN, THEIRS, INNER} & words:
            answer = client.post("/data/search", {"query": word, "limit": 100})
            assert answer.status_code == 200 and not found_in(answer, [word]), name


def test_the_words_are_there_for_who_may_read_them(company, db):
    admin = ApiClient(company.people["admin"])
    for path, word in (("/data/tasks", FOREIGN), ("/data/entities", THEIRS), ("/data/comments", INNER), ("/data/persons", PHONE)):
        assert found_in(admin.get(path), [word]), path
    found = found_in(admin.get("/data/tasks"), [f":{ESTIMATION:.0f}", f":{SPENT:.0f}", "2031-07-09"])
    assert len(found) == 3
    assert found_in(admin.get("/data/organisations"), [SECRET])


@pytest.mark.parametrize("line", [x for x in READS if not x[1].startswith(("/pictures", "/movies", "/shared"))], ids=lambda x: x[1])
def test_nobody_s_answer_is_kept_for_somebody_else(company, readers, db, line):
    """An answer that differs from person to person has another tag for each, and is no one's business but theirs."""
    path, by_tag = address(line[0], line[1], company), defaultdict(list)
    for name, client, _ in readers:
        answer = client.get(path)
        if answer.status_code == 200 and "ETag" in answer:
            by_tag[answer["ETag"]].append(name)
            assert "public" not in answer.get("Cache-Control", "")
    assert all(len(names) == 1 for names in by_tag.values()), by_tag

"""A studio manager's way through the back-office, in a real browser."""

import shutil

import pytest

from assets.models import Entity
from production.models import Project
from tasks.models import Task
from tests.cast import gather
from tests.makers import make_entity_type, make_task_status, make_task_type

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,1000",
]

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed")


@pytest.fixture
def browser(tmp_path):
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.implicitly_wait(10)
    yield driver
    driver.quit()


@pytest.fixture
def cast(transactional_db):
    return gather()


@pytest.fixture
def tasks(cast):
    """Three tasks of one shot of the production."""
    shot = Entity.objects.create(name="SH010", project=cast.project, entity_type=make_entity_type(name="Shot"))
    status = make_task_status(name="Retake", color="#FF3860")
    for name in ("Layout", "Animation", "Lighting"):
        task = Task.objects.create(
            name="main", project=cast.project, entity=shot, task_type=make_task_type(name=name), task_status=status
        )
        task.assignees.add(cast.user)


def test_a_manager_finds_a_production_changes_it_and_sees_its_team_and_tasks(browser, live_server, cast, tasks):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.wait import WebDriverWait

    def follow(element):
        """Clicks, and waits until the page that was there is gone."""
        page = browser.find_element(By.TAG_NAME, "html")
        element.click()
        WebDriverWait(browser, 20).until(staleness_of(page))

    def find(selector):
        return browser.find_element(By.CSS_SELECTOR, selector)

    def texts(selector):
        return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]

    browser.get(f"{live_server.url}/admin/")
    find("#id_username").send_keys(cast.admin.email)
    find("#id_password").send_keys("mysecretpassword")
    follow(find("input[type=submit]"))
    assert "The Lantern" in find("#productions").text

    browser.get(f"{live_server.url}/admin/production/project/")
    find("#searchbar").send_keys("lantern")
    follow(find("#changelist-search input[type=submit]"))
    follow(find("#result_list .field-name a"))

    chosen = texts("#team_links-group .field-person .select2-selection__rendered")
    assert {"Admin", "Manager", "Supervisor", "User", "Client", "Vendor"} <= {
        name.strip("×\n ").split()[0] for name in chosen if name
    }

    code = find("#id_code")
    code.clear()
    code.send_keys("LAN")
    follow(find("input[name=_continue]"))
    assert "was changed successfully" in find(".messagelist").text
    assert Project.objects.get(pk=cast.project.pk).code == "LAN"

    follow(browser.find_element(By.LINK_TEXT, "Tasks"))
    assert {"SH010 · Layout", "SH010 · Animation", "SH010 · Lighting"} == set(texts("#result_list th.field-describe"))
    assert texts("#result_list .field-people") == [str(cast.user)] * 3

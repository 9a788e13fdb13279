"""The routes of this room."""

from django.urls import path

from core.api.router import ResourceRouter
from people.api.views.app_login import AppLoginViewSet
from people.api.views.days_off import DayOffViewSet
from people.api.views.departments import DepartmentHardwareViewSet, DepartmentSoftwareViewSet, DepartmentViewSet
from people.api.views.events import ApiEventViewSet, EventHistoryViewSet
from people.api.views.logs import LogViewSet
from people.api.views.own import OwnArrivalViewSet, OwnDayOffViewSet
from people.api.views.passwords import PasswordViewSet, RegistrationViewSet
from people.api.views.person_actions import AccountViewSet, DesktopLoginViewSet
from people.api.views.persons import PersonViewSet
from people.api.views.second_factors import EmailCodeViewSet, RecoveryCodeViewSet, SecurityKeyViewSet, TotpViewSet
from people.api.views.server_pages import ConfigurationViewSet, ServerPageViewSet
from people.api.views.sessions import SessionViewSet
from people.api.views.single_sign_on import SingleSignOnViewSet
from people.api.views.studio import HardwareItemViewSet, OrganisationViewSet, SalaryScaleViewSet, SoftwareViewSet, StudioViewSet

router = ResourceRouter()
router.register("data/departments", DepartmentViewSet)
router.register("data/studios", StudioViewSet)
router.register("data/softwares", SoftwareViewSet)
router.register("data/hardware-items", HardwareItemViewSet)
router.register("data/organisations", OrganisationViewSet)
router.register("data/salary-scales", SalaryScaleViewSet)
router.register("data/day-offs", DayOffViewSet)
router.register("data/persons", PersonViewSet)
router.register("data/events", ApiEventViewSet)

SERVER = [
    path("", ServerPageViewSet.as_view({"get": "root"})),
    path("config", ServerPageViewSet.as_view({"get": "config"})),
    path("status", ServerPageViewSet.as_view({"get": "status"})),
    path("status.txt", ServerPageViewSet.as_view({"get": "status_text"})),
    path("status/live", ServerPageViewSet.as_view({"get": "live"})),
    path("status/ready", ServerPageViewSet.as_view({"get": "ready"})),
    path("status/influx", ServerPageViewSet.as_view({"get": "status_numbers"})),
    path("status/test-event", ServerPageViewSet.as_view({"get": "test_event"})),
    path("status/resources", ServerPageViewSet.as_view({"get": "resources"})),
    path("admin/config/check", ConfigurationViewSet.as_view({"get": "check"})),
]
AUTH = [
    path("auth/login", SessionViewSet.as_view({"post": "login"})),
    path("auth/logout", SessionViewSet.as_view({"get": "logout"})),
    path("auth/refresh-token", SessionViewSet.as_view({"get": "refresh"})),
    path("auth/authenticated", SessionViewSet.as_view({"get": "whoami"})),
    path("auth/change-password", PasswordViewSet.as_view({"post": "change"})),
    path("auth/reset-password", PasswordViewSet.as_view({"post": "ask_for_reset", "put": "reset"})),
    path("auth/totp", TotpViewSet.as_view({"put": "prepare", "post": "confirm", "delete": "disable"})),
    path("auth/email-otp", EmailCodeViewSet.as_view({"get": "send", "put": "prepare", "post": "confirm", "delete": "disable"})),
    path("auth/fido", SecurityKeyViewSet.as_view({"get": "ask", "put": "prepare", "post": "confirm", "delete": "disable"})),
    path("auth/recovery-codes", RecoveryCodeViewSet.as_view({"put": "replace"})),
    path("auth/app-login/code", AppLoginViewSet.as_view({"post": "code"})),
    path("auth/app-login/token", AppLoginViewSet.as_view({"post": "token"})),
    path("auth/saml/login", SingleSignOnViewSet.as_view({"get": "saml_login"})),
    path("auth/saml/sso", SingleSignOnViewSet.as_view({"post": "saml_answer"})),
    path("auth/oidc/login", SingleSignOnViewSet.as_view({"get": "oidc_login"})),
    path("auth/oidc/callback", SingleSignOnViewSet.as_view({"get": "oidc_answer"})),
    path("auth/register", RegistrationViewSet.as_view({"post": "register"})),
    path("auth/register/confirm/<str:token>", RegistrationViewSet.as_view({"get": "confirm"})),
]
ACCOUNT = "actions/persons/<id:person_id>"
ACCOUNTS = [
    path(f"{ACCOUNT}/invite", AccountViewSet.as_view({"get": "invite"})),
    path(f"{ACCOUNT}/reset-password-link", AccountViewSet.as_view({"post": "reset_password_link"})),
    path(f"{ACCOUNT}/change-password", AccountViewSet.as_view({"post": "change_password"})),
    path(f"{ACCOUNT}/disable-two-factor-authentication", AccountViewSet.as_view({"delete": "disable_second_factors"})),
    path(f"{ACCOUNT}/departments/add", AccountViewSet.as_view({"post": "add_department"})),
    path(f"{ACCOUNT}/departments/<id:department_id>", AccountViewSet.as_view({"delete": "remove_department"})),
    path(f"{ACCOUNT}/clear-avatar", AccountViewSet.as_view({"delete": "clear_avatar"})),
]
DEPARTMENT = "data/departments/<str:department_id>"
DEPARTMENTS = [
    path("data/departments/hardware-items", DepartmentHardwareViewSet.as_view({"get": "of_all"})),
    path("data/departments/software-licenses", DepartmentSoftwareViewSet.as_view({"get": "of_all"})),
    path(f"{DEPARTMENT}/persons", DepartmentViewSet.as_view({"get": "persons"})),
    path(f"{DEPARTMENT}/hardware-items", DepartmentHardwareViewSet.as_view({"post": "add"})),
    path(f"{DEPARTMENT}/hardware-items/<str:item_id>", DepartmentHardwareViewSet.as_view({"get": "retrieve", "delete": "remove"})),
    path(f"{DEPARTMENT}/software-licenses", DepartmentSoftwareViewSet.as_view({"post": "add"})),
    path(
        f"{DEPARTMENT}/software-licenses/<str:item_id>", DepartmentSoftwareViewSet.as_view({"get": "retrieve", "delete": "remove"})
    ),
]
EVENTS = [
    path("data/events/last", EventHistoryViewSet.as_view({"get": "last"})),
    path("data/events/names", EventHistoryViewSet.as_view({"get": "names"})),
    path("rooms", EventHistoryViewSet.as_view({"get": "rooms"})),
]
PERSON = "data/persons/<id:person_id>"
PERSONS = [
    path("data/persons/presence-logs/<str:month>", LogViewSet.as_view({"get": "presence"})),
    path("data/events/login-logs/last", LogViewSet.as_view({"get": "logins"})),
    path("data/persons/day-offs/<str:year>", DayOffViewSet.as_view({"get": "of_everybody"})),
    path("data/persons/day-offs/<str:year>/<str:month>", DayOffViewSet.as_view({"get": "of_everybody"})),
    path(f"{PERSON}/desktop-login-logs", DesktopLoginViewSet.as_view({"get": "list", "post": "create"})),
    path(f"{PERSON}/day-offs", DayOffViewSet.as_view({"get": "of_person"})),
    path(f"{PERSON}/day-offs/year/<str:year>", DayOffViewSet.as_view({"get": "of_person"})),
    path(f"{PERSON}/day-offs/month/<str:year>/<str:month>", DayOffViewSet.as_view({"get": "of_person"})),
    path(f"{PERSON}/day-offs/week/<str:year>/<str:week>", DayOffViewSet.as_view({"get": "of_person"})),
    path(f"{PERSON}/day-offs/<str:day>", DayOffViewSet.as_view({"get": "of_person_on"})),
    path("data/user/day-offs/<str:date>", OwnDayOffViewSet.as_view({"get": "covering"})),
    path("data/user/desktop-login-logs", OwnArrivalViewSet.as_view({"get": "list", "post": "create"})),
    path("data/projects/<id:project_id>/day-offs", DayOffViewSet.as_view({"get": "of_production"})),
]

urlpatterns = [*SERVER, *AUTH, *ACCOUNTS, *DEPARTMENTS, *EVENTS, *PERSONS, *router.urls]

"""What studio managers see and do about how people sign in."""

from django.test import Client
from django.urls import reverse

from people.models import Person
from people.tokens import mint_api_token
from tests.admin.test_actions import act
from tests.makers import make_person


def shown_ways(office, person):
    page = office.get(reverse("admin:people_person_change", args=[person.pk])).content.decode()
    return page.split("Signs in with:")[1].split('<div class="readonly">')[1].split("</div>")[0]


def test_the_page_of_a_person_says_how_they_sign_in(office, cast, settings):
    assert shown_ways(office, cast.user) == "a password of the studio"
    mint_api_token(cast.user)
    settings.SAML_ENABLED, settings.SAML_IDP_NAME, settings.OIDC_ENABLED = True, "Studio <ID>", True
    assert shown_ways(office, cast.user) == (
        "a password of the studio, SAML (Studio &lt;ID&gt;), OpenID Connect (provider), a token for scripts"
    )
    settings.SAML_ENABLED = settings.OIDC_ENABLED = False
    settings.AUTH_STRATEGY = "auth_remote_ldap"
    employee = make_person(desktop_login="ada", is_generated_from_ldap=True)
    assert shown_ways(office, employee) == "the password of the directory"
    assert shown_ways(office, make_person()) == "–"
    settings.LDAP_FALLBACK = True
    assert shown_ways(office, make_person()) == "a password of the studio"
    assert shown_ways(office, make_person(is_bot=True)) == shown_ways(office, make_person(active=False)) == "–"
    settings.AUTH_STRATEGY = "auth_local_no_password"
    assert shown_ways(office, make_person()) == "any password"


def test_identities_are_seen_and_released(office, cast):
    Person.objects.filter(pk=cast.user.pk).update(
        saml_issuer="https://idp.example", saml_subject="7", oidc_issuer="x", oidc_subject="8"
    )
    page = office.get(reverse("admin:people_person_change", args=[cast.user.pk])).content.decode()
    assert "https://idp.example" in page
    said = act(office, Person, "release_identities", cast.user)
    assert said == "1 people released: their next sign-on is bound afresh."
    person = Person.objects.get(pk=cast.user.pk)
    assert (person.saml_issuer, person.saml_subject, person.oidc_issuer, person.oidc_subject) == (None,) * 4


def test_second_factors_are_removed_but_not_those_of_other_managers(office, cast):
    manager = make_person(role="admin", totp_enabled=True, totp_secret="A" * 32)
    Person.objects.filter(pk=cast.user.pk).update(totp_enabled=True, totp_secret="B" * 32, otp_recovery_codes=["x"])
    assert act(office, Person, "remove_second_factors", cast.user) == "Second factors of 1 people removed."
    person = Person.objects.get(pk=cast.user.pk)
    assert (person.totp_enabled, person.totp_secret, person.otp_recovery_codes) == (False, None, None)
    Person.objects.filter(pk=cast.user.pk).update(totp_enabled=True)
    assert "An admin can't disable 2FA for other admins." in act(office, Person, "remove_second_factors", cast.user, manager)
    assert list(Person.objects.filter(totp_enabled=True).order_by("role")) == [manager, cast.user]


def test_people_are_found_by_how_they_sign_in(office, cast):
    make_person(first_name="Grace", is_generated_from_ldap=True)
    page = office.get(reverse("admin:people_person_changelist"), {"is_generated_from_ldap__exact": "1"}).content.decode()
    assert "Grace" in page
    assert "Outsider" not in page


def test_only_studio_managers_see_any_of_it(cast):
    client = Client()
    client.force_login(cast.manager)
    for name in ("people_person_changelist", "people_loginlog_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 302

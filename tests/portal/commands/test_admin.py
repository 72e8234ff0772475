"""`kyberkunto admin` as its operator runs it, and the link that it prints."""

import json
import re

import httpx

from portal.accounts.tables import Person, Role
from portal.database import rows
from tests.portal.commands.test_audit import kyberkunto
from tests.portal.conftest import Installation
from tests.portal.pages.asking import heading
from tests.portal.pages.signing_in import spend

ADDRESS = "ylla.pito@kaupunki.test"


async def test_first_administrator_signs_in_with_the_printed_link(
    portal: Installation, browser: httpx.AsyncClient
) -> None:
    code, said, error = kyberkunto(portal, "admin", "create", ADDRESS, "--language", "fi")
    first, *_, note = said.splitlines()
    assert (code, error, first) == (0, "", f"{ADDRESS} is now an administrator.")
    assert note.startswith("KYBERKUNTO_PUBLIC_URL is not set")
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/fi/sign-in/[\w-]{43})\n", said)
    assert heading(await browser.get(path)) == "Kirjaudu sisään: y…@kaupunki.test"
    answer = await spend(browser, path)
    assert answer.headers["location"] == "/fi/me/second-step?next=/fi/me"
    [person], [role] = await Person.objects(), await Role.select()
    assert (person.address, person.language, role["kind"], role["city"]) == (ADDRESS, "fi", "administrator", None)
    entries = await rows("SELECT actor, action, subject FROM audit_entry ORDER BY seq")
    assert dict(entries[0]) == {
        "actor": "operator",
        "action": "administrator-made",
        "subject": f"person:{person.pseudonym}",
    }


async def test_who_is_one_gets_another_link(portal: Installation) -> None:
    made = [json.loads(kyberkunto(portal, "admin", "create", ADDRESS, "--json")[1]) for _ in range(2)]
    assert [each["made"] for each in made] == [True, False]
    assert made[0]["link"] != made[1]["link"]
    assert (await Role.count(), len(await rows("SELECT seq FROM audit_entry"))) == (1, 1)


async def test_link_begins_with_the_portal_s_own_address(portal: Installation) -> None:
    own = Installation(portal.kind, {**portal.environment, "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.test"})
    _, said, _ = kyberkunto(own, "admin", "create", ADDRESS)
    assert said.splitlines()[-1].startswith("https://kyberkunto.test/en/sign-in/")


async def test_administrators_are_listed(portal: Installation) -> None:
    assert kyberkunto(portal, "admin", "list") == (0, "", "")
    kyberkunto(portal, "admin", "create", ADDRESS)
    [person] = await Person.objects()
    assert kyberkunto(portal, "admin", "list")[1].endswith(f" {ADDRESS} {person.pseudonym}\n")
    [listed] = json.loads(kyberkunto(portal, "admin", "list", "--json")[1])
    assert (listed["address"], listed["pseudonym"]) == (ADDRESS, person.pseudonym)


async def test_what_is_no_address_is_refused(portal: Installation) -> None:
    code, said, error = kyberkunto(portal, "admin", "create", "nonsense")
    assert (code, said, error) == (2, "", "kyberkunto: no mail can be sent to that address\n")
    assert await Person.count() == 0

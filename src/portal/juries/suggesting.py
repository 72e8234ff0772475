"""Who may be too close to whom, as far as we can see it: pure rules over what both sides said. The juror decides."""

import re
from collections.abc import Iterable

from msgspec import Struct

from portal.juries.tables import Closeness

_FREE_MAIL = """
gmail.com googlemail.com outlook.com outlook.fi hotmail.com hotmail.fi hotmail.se live.com live.fi live.se msn.com
yahoo.com yahoo.se ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.de gmx.net web.de mail.com mail.ru
yandex.com yandex.ru proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com hey.com zoho.com luukku.com
suomi24.fi elisanet.fi kolumbus.fi saunalahti.fi welho.com pp.inet.fi netti.fi dnainternet.net telia.com bredband.net
spray.se comhem.se qq.com 163.com naver.com
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
"""Where everybody has an address: that two people do tells nothing."""

_LEGAL_WORDS = """
oy ab oyj abp ky kb tmi ry rf osk ltd limited plc inc corp corporation llc llp gmbh ag ug kg bv nv sa sarl sas srl spa
as asa aps oü ou sia uab hb ek
"""
_LEGAL = frozenset(_LEGAL_WORDS.split())
"""What a company is by law, which its name says or not."""
_WORD = re.compile(r"\w+")
_PARTED = re.compile(r"[,;\n]|\s(?:and|ja|och|&)\s")


class Side(Struct, frozen=True):
    """A juror. `address`: their mail address; `city`: its slug."""

    address: str
    employer: str
    invests_in: str
    city: str


class Entrant(Struct, frozen=True):
    """A startup. `addresses`: its people's mail addresses; `homes`: slugs of cities that its entries name as home."""

    name: str
    addresses: frozenset[str]
    homes: frozenset[str]


def suggested(juror: Side, entrant: Entrant) -> frozenset[Closeness]:
    """What we can see by ourselves; `city` is a hint alone."""
    return frozenset(_found(juror, entrant))


def _found(juror: Side, entrant: Entrant) -> Iterable[Closeness]:
    name = plain(entrant.name)
    if any(_same_house(domain_of(juror.address), domain_of(each)) for each in entrant.addresses):
        yield Closeness.MAIL_DOMAIN
    if name and plain(juror.employer) == name:
        yield Closeness.EMPLOYER
    if name and name in {plain(each) for each in _PARTED.split(juror.invests_in)}:
        yield Closeness.INVESTOR
    if juror.city in entrant.homes:
        yield Closeness.CITY


def domain_of(address: str) -> str:
    """Whose mail server it is; empty where everybody may have an address there."""
    domain = address.rpartition("@")[2].lower()
    return "" if domain in FREE_MAIL else domain


def plain(name: str) -> str:
    """The same for names of one house: without capitals, signs, and what it is by law."""
    words = _WORD.findall(name.casefold())
    return " ".join(word for word in words if word not in _LEGAL)


def _same_house(one: str, other: str) -> bool:
    """The same domain, or one below the other."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))

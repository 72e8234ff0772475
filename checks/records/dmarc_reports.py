"""Where reports about mail in a domain's name are sent (RFC 9989, section 4.7; RFC 9990, section 4; RFC 9991)."""

import re
from collections.abc import Collection, Iterator, Sequence

from checks.records.dmarc import DmarcRecord, is_uri
from checks.records.dmarc_discovery import Step
from checks.records.report_addresses import Destination, destination

TAGS = ("rua", "ruf")
"""Daily reports, and reports about single messages."""

_MEANT = (
    r"(?i)(?:mail(?:to)?[\s:;=/]*)?([^\s@:/,<>\"']+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"  # compiled where a fault needs it
)


def destinations(record: DmarcRecord) -> tuple[Destination, ...]:
    """Every address that reports can be sent to by mail, in the order of the record."""
    return tuple(destination(uri) for tag in TAGS for uri in _entries(record, tag) if _is_mail(uri))


def daily(record: DmarcRecord) -> tuple[str, ...]:
    """The addresses for daily reports that reports can be sent to."""
    return tuple(uri for uri in _entries(record, "rua") if _is_mail(uri))


def unusable(record: DmarcRecord) -> tuple[str, ...]:
    """What was meant as an address for reports, but is none that receivers use: they know mail addresses only."""
    entries = [entry for tag in TAGS for entry in _entries(record, tag) if not _is_mail(entry)]
    return (*entries, *_astray(record))


def repaired(record: DmarcRecord) -> dict[str, str]:
    """The report tags, with every address that can be told put right; a tag without any is left out."""
    tags = {}
    for tag in TAGS:
        entries = [*_entries(record, tag), *(_astray(record) if tag == "rua" else ())]
        right = dict.fromkeys(uri for entry in entries if (uri := _put_right(entry)) is not None)
        if right:
            tags[tag] = ",".join(right)
    return tags


def without(record: DmarcRecord, hosts: Collection[str]) -> dict[str, str]:
    """The report tags without the addresses at those hosts; a tag without any is left out."""
    tags = {tag: [uri for uri in _entries(record, tag) if destination(uri).host not in hosts] for tag in TAGS}
    return {tag: ",".join(uris) for tag, uris in tags.items() if uris}


def organization(steps: Sequence[Step]) -> str:
    """The organisational domain of the first step's domain, by the tree walk (RFC 9989, section 4.10.2)."""
    found = [step for step in steps if step.record is not None]
    for step in found:
        boundary = step.record.boundary if step.record else "u"
        if boundary == "n":
            return step.domain
        if boundary == "y" and step is not steps[0]:
            return steps[[each.domain for each in steps].index(step.domain) - 1].domain
    return found[-1].domain if found else steps[0].domain


def _entries(record: DmarcRecord, tag: str) -> Iterator[str]:
    return filter(None, (entry.strip() for entry in record.tags.get(tag, "").split(",")))


def _astray(record: DmarcRecord) -> tuple[str, ...]:
    """Pieces of the record that are no tag, but an address: a semicolon in place of a comma."""
    return tuple(piece for piece in record.malformed if _put_right(piece) is not None)


def _is_mail(uri: str) -> bool:
    return uri[:7].lower() == "mailto:" and is_uri(uri)


def _put_right(entry: str) -> str | None:
    if _is_mail(entry):
        return entry
    match = re.fullmatch(_MEANT, entry)
    return f"mailto:{match[1]}" if match else None

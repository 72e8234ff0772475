"""mail.mx_alias: do the MX records name the mail servers themselves, no aliases? (RFC 2181, section 10.3; RFC 5321)."""

from collections.abc import Iterable, Iterator

from checks.contract import NO_MAIL, Check, Evidence, Json, Record, Verdict, failed, not_applicable, passed
from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.mail.promised import announced, read

DIRECT = passed("direct")
ALIAS = failed("alias")
NO_MX = not_applicable("no-mx")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain. A name that leads nowhere is told by mail.mx."""
    routing = evidence.part(MailRouting)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
        return
    if not routing.receives:
        yield Verdict(NO_MAIL, evidence.domain)
        return
    known = {host.host: host.addresses for host in routing.hosts if host.addresses is not None}
    aliases = {host: target for host, found in known.items() if found.exists and (target := found.alias)}
    silent = [found for found in known.values() if not found.answered and found.alias is None]
    if aliases:
        facts: dict[str, Json] = {"aliases": [*aliases], "targets": [*dict.fromkeys(aliases.values())]}
        allowed = _may_be_named(aliases.values(), evidence.part(MtaSts))
        yield Verdict(ALIAS, evidence.domain, facts, _records(routing, aliases) if allowed else ())
    elif routing.mx.records and any(found.exists for found in known.values()):
        mail_servers: list[Json] = [*known]
        yield Verdict(silent[0].reason if silent else DIRECT, evidence.domain, {"mail_servers": mail_servers})
    else:
        yield Verdict(silent[0].reason if silent else NO_MX, evidence.domain)


def _may_be_named(targets: Iterable[str], sts: MtaSts) -> bool:
    """Whether senders that insist on the policy for mail (RFC 8461) deliver to these servers as well.

    Where one is announced and could not be read, they may remember one that names others only.
    """
    if sts.record.answered and not announced(sts):
        return True
    policy = read(sts).policy
    return policy is not None and (policy.mode != "enforce" or all(map(policy.covers, targets)))


def _records(routing: MailRouting, aliases: dict[str, str]) -> tuple[Record, ...]:
    """Each alias out, the name it stands for in, at the same preference; the other records stay."""
    domain = routing.mx.name
    if routing.mx.alias is not None:
        return ()  # the records stand in another zone, perhaps somebody else's
    kept: dict[str, str] = {}
    changed: dict[str, str] = {}
    for text in routing.mx.records:
        preference, _, host = text.lower().removesuffix(".").partition(" ")
        (changed if host in aliases else kept)[f"{preference} {host}"] = f"{preference} {aliases.get(host, host)}"
    named = {value.partition(" ")[2] for value in kept.values()}
    added = dict.fromkeys(value for value in changed.values() if value.partition(" ")[2] not in named)
    return (
        *(Record("remove", domain, "MX", value) for value in changed),
        *(Record("add", domain, "MX", value) for value in added),
    )


CHECK = Check("mail.mx_alias", needs=(MailRouting, MtaSts), outcomes=(DIRECT, ALIAS, NO_MX), judge=judge)

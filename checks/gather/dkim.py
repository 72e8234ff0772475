"""Looks for DKIM keys where they usually stand."""

import asyncio
import secrets

from checks.evidence.dkim import DkimAttempts
from checks.evidence.mail import MailRouting
from checks.gather.gathering import Gathering
from checks.records.mail_providers import USUAL_SELECTORS, providers_of


async def gather_dkim(gathering: Gathering) -> DkimAttempts:
    """The usual selectors, those of the mail services in use, and one random name; all side by side."""
    network, domain = gathering.network, gathering.domain
    routing, texts = await asyncio.gather(gathering.part(MailRouting), network.ask(domain, "TXT"))
    providers = providers_of((host.host for host in routing.hosts), texts.records)
    selectors = list(dict.fromkeys((*(name for each in providers for name in each.selectors), *USUAL_SELECTORS)))
    names = [*selectors, f"kk-{secrets.token_hex(8)}"]
    *answers, stray = await asyncio.gather(*(network.ask(f"{name}._domainkey.{domain}", "TXT") for name in names))
    return DkimAttempts(
        tried=tuple(zip(selectors, answers, strict=True)),
        stray=stray,
        providers=tuple(provider.name for provider in providers),
    )

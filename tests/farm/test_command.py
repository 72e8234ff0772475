"""The command against real servers: what it prints, in which form, and how it ends."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checks.contract import Status
from checks.document import SCHEMA, encode
from tests.farm.farm import Farm
from tests.farm.looking import look
from tests.farm.registry import REGISTRIES

COMMAND = Path(sys.executable).with_name("kyberkunto")
DOMAINS = ("good.test", "wrong-ds.test", "mx-gone.test", "spf-lookups.test", "dmarc-absent.test", "cert-expired.test")

WARNING = "kyberkunto: warning: checks may connect to networks that are not public: 198.18.0.0/15\n"


async def check(farm: Farm, *arguments: str, resolver: str | None = None) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `kyberkunto check`."""
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "check", *arguments),
        *("--resolver", resolver or farm.resolver, "--allow-network", farm.allow_network),
        *("--rdap", f"test={REGISTRIES['test']}"),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


def validated(output: str) -> dict[str, Any]:
    """The document on standard output: one, valid against the published schema."""
    document: dict[str, Any] = json.loads(output)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()), cls=jsonschema.Draft202012Validator)
    return document


@pytest.mark.parametrize("domain", DOMAINS)
async def test_json_says_what_the_checks_found(farm: Farm, domain: str) -> None:
    code, output, errors = await check(farm, domain, "--json", "--ports")
    assert (code, errors) == (0, WARNING)
    told = {
        (one["id"], one["subject"], one["status"], one["severity"], one["outcome"])
        for one in validated(output)["findings"]
    }
    found = {
        (one["id"], one["subject"], one["status"], one["severity"], one["outcome"])
        for one in map(encode, await look(farm, domain, ports=True))
    }
    assert told == found


async def test_good_domain_scores_full_marks(farm: Farm) -> None:
    _, output, _ = await check(farm, farm.good, "--json", "--ports")
    document = validated(output)
    assert document["domain"] == farm.good
    assert document["score"] == {"low": 100.0, "high": 100.0}


async def test_registry_that_is_named_is_asked(farm: Farm) -> None:
    _, output, _ = await check(farm, farm.good, "--json")
    told = {one["outcome"] for one in validated(output)["findings"] if one["id"] == "dns.domain_expiry"}
    assert told == {"registered"}


async def test_without_ports_nobody_scans(farm: Farm) -> None:
    _, output, _ = await check(farm, "redis.test", "--json")
    ports = {one["outcome"] for one in validated(output)["findings"] if one["id"].startswith("ports.")}
    assert ports == {"not-asked"}


async def test_name_that_does_not_exist(farm: Farm) -> None:
    code, output, errors = await check(farm, "nobody-has-this.test", "--json")
    assert code == 2
    assert json.loads(output)["error"]["code"] == "no-such-domain"
    assert errors.count("\n") == 1


async def test_silent_resolver_is_not_a_missing_domain(farm: Farm) -> None:
    code, output, _ = await check(farm, farm.good, "--json", resolver=farm.silent_resolver)
    statuses = {one["status"] for one in validated(output)["findings"]}
    assert code == 0
    assert statuses <= {Status.UNKNOWN, Status.NOT_APPLICABLE}


async def test_farm_root_is_not_trusted_by_itself(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    _, output, _ = await check(farm, farm.good, "--json")
    failed = {one["id"] for one in validated(output)["findings"] if one["status"] == "fail"}
    assert failed == {"tls.chain", "mail.mta_sts"}  # the certificate of the policy for mail, too


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_report_on_the_terminal(farm: Farm, language: str) -> None:
    code, output, _ = await check(farm, "dmarc-absent.test", "--lang", language)
    assert code == 0
    assert "dmarc-absent.test" in output
    assert "v=DMARC1" in output

"""How one step looks on the page: what to do, the provider's own steps, what to copy."""

import pytest

from checks.contract import Snippet
from portal.assessments.outline import outline
from portal.templating import environment
from tests.portal.assessments.findings import AT_ZONER, DOMAIN, NO_DMARC, ONE_NAME_SERVER

_HOW = '{% from "parts/step.html" import how with context %}{{ how(step, paper=false) }}'
_SOURCE = "https://www.zoner.fi/tuki/verkkotunnus/miten-muokkaan-dns-tietueita-oma-zonerissa/"


def shown(language: str, *findings: object) -> str:
    step = outline(findings, DOMAIN, language).steps[0]  # type: ignore[arg-type]
    return environment().from_string(_HOW).render(step=step, language=language)


@pytest.mark.parametrize(
    ("language", "heading", "read"),
    [
        ("fi", "Näin teet palvelussa Zoner", "Luimme ohjeen 23.11.2026"),
        ("sv", "Så gör du hos Zoner", "Vi läste anvisningarna 23.11.2026"),
        ("en", "Steps for Zoner", "We read the instructions on 23 November 2026"),
    ],
)
def test_steps_of_the_provider_stand_under_its_name_with_their_source(language: str, heading: str, read: str) -> None:
    html = shown(language, NO_DMARC, AT_ZONER)
    assert f'<h5 class="console__title">{heading}</h5>' in html
    assert f'<a href="{_SOURCE}" rel="external noopener noreferrer">www.zoner.fi</a>' in html
    assert read in html
    assert html.index("console__title") < html.index('class="record"')


def test_no_provider_is_named_where_none_is_known() -> None:
    assert "console" not in shown("fi", NO_DMARC)


@pytest.mark.parametrize(
    ("language", "yours", "provider_s"),
    [
        ("fi", "Voit hoitaa itse", "Pyydä palveluntarjoajaltasi"),
        ("sv", "Du kan sköta det själv", "Be din leverantör"),
        ("en", "In your own hands", "Ask your provider"),
    ],
)
def test_a_step_says_whose_it_is(language: str, yours: str, provider_s: str) -> None:
    assert f'effort__care">{yours}</span>' in shown(language, NO_DMARC)
    assert f'effort__care">{provider_s}</span>' in shown(language, ONE_NAME_SERVER)


@pytest.mark.parametrize(
    ("language", "lines", "file"),
    [
        ("fi", "Asetus: Apache", "Tiedosto /.well-known/security.txt (Apache)"),
        ("sv", "Inställning för Apache", "Filen /.well-known/security.txt för Apache"),
        ("en", "Setting for Apache", "File /.well-known/security.txt for Apache"),
    ],
)
@pytest.mark.parametrize("paper", [False, True])
def test_whole_file_is_called_one(language: str, lines: str, file: str, paper: bool) -> None:  # noqa: FBT001 - a parameter of the test
    snippets = [Snippet("apache", "Header"), Snippet("apache", "Contact", "/.well-known/security.txt")]
    show = '{% from "parts/step.html" import snippets with context %}{{ snippets(changes, paper) }}'
    html = environment().from_string(show).render(changes={"snippets": snippets}, paper=paper, language=language)
    assert f">{lines}<" in html
    assert f">{file}<" in html

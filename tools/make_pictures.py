"""Makes the pictures of the README and of the front page from the real portal, beside the farm's real servers.

docs/pictures/: home.png, result.png, plan.png (a firm's plan), report.png (of a domain), and three pages of a firm's
report: report-first.png, report-step.png and report-letter.png. src/portal/static/: the first page of a domain's report
in each language.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "pictures"
STATIC = ROOT / "src" / "portal" / "static"
LANGUAGES = ("fi", "sv", "en")
DPI = 110
COLOURS = 48
"""Enough for text and signs, and a quarter of the bytes."""


def main() -> None:
    """Starts itself again in a network of its own, where the farm can be."""
    if os.environ.get("KYBERKUNTO_TEST_NETWORK") != "1":
        own = str(ROOT / "tools" / "own-network")
        os.execv(own, [own, sys.executable, __file__])  # noqa: S606 - a fixed path of ours, no shell wanted
    sys.path.insert(0, str(ROOT))
    from tests.farm.farm import Farm  # noqa: PLC0415 - found only through the line above
    from tests.portal.serving import serving  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        farm = Farm(folder / "farm")
        farm.directory.mkdir()
        farm.start()
        os.environ["SSL_CERT_FILE"] = str(farm.ca_file)
        environment = {
            "KYBERKUNTO_VAR": str(folder / "var"),
            "KYBERKUNTO_RESOLVERS": farm.resolver,
            "KYBERKUNTO_ALLOW_NETWORKS": farm.allow_network,
            "SSL_CERT_FILE": str(farm.ca_file),
        }
        try:
            print_reports(farm.resolver, farm.allow_network, folder)
            print_firm(farm.resolver, farm.allow_network, folder)
            with serving(environment, folder / "log") as served:
                photograph(served.url, answered(environment))
        finally:
            farm.stop()


def print_reports(resolver: str, network: str, folder: Path) -> None:
    """The first page of the report about an everyday domain, in each language."""
    for language in LANGUAGES:
        pdf = folder / f"{language}.pdf"
        command = ["check", "leipomo.test", "--lang", language, "--pdf", str(pdf)]
        reach = ["--resolver", resolver, "--allow-network", network]
        kyberkunto = str(Path(sys.executable).with_name("kyberkunto"))
        subprocess.run([kyberkunto, *command, *reach], check=True, stdout=subprocess.DEVNULL)
        page = folder / language
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "-singlefile", str(pdf), str(page)], check=True)
        shrink(page.with_suffix(".png"), STATIC / f"report-{language}.png")
    shutil.copyfile(STATIC / "report-en.png", DOCS / "report.png")


def print_firm(resolver: str, network: str, folder: Path) -> None:
    """Three pages of the report about a firm with that domain that answers everything with its worst."""
    import pypdf  # noqa: PLC0415 - only the tests install it

    from portal.assessments.catalogue import current  # noqa: PLC0415 - the same
    from tests.portal.pages.answering import PROFILE, everything  # noqa: PLC0415 - found only through `main`

    answers, checked, pdf = folder / "answers.json", folder / "check.json", folder / "firm.pdf"
    given = {name: answer for name, answer in everything(0).items() if name not in PROFILE}
    answers.write_text(json.dumps({"version": current().version, "profile": PROFILE, "answers": given}))
    kyberkunto = str(Path(sys.executable).with_name("kyberkunto"))
    look = ["check", "leipomo.test", "--lang", "en", "--json", "--resolver", resolver, "--allow-network", network]
    checked.write_bytes(subprocess.run([kyberkunto, *look], check=True, stdout=subprocess.PIPE).stdout)
    plan = ["score", str(answers), "--check", str(checked), "--lang", "en", "--pdf", str(pdf)]
    subprocess.run([kyberkunto, *plan], check=True, stdout=subprocess.DEVNULL)
    texts = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(pdf).pages]
    step = next(number for number, text in enumerate(texts) if "Add this record" in text)
    letter = next(number for number, text in enumerate(texts) if "To the IT provider" in text)
    for name, number in (("first", 0), ("step", step), ("letter", letter)):
        page, target = folder / name, str(number + 1)
        one = ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", "-f", target, "-l", target, str(pdf), str(page)]
        subprocess.run(one, check=True)
        shrink(page.with_suffix(".png"), DOCS / f"report-{name}.png")


def answered(environment: Mapping[str, str]) -> str:
    """The last part of the address of a sheet with every question answered, put into the database of that portal."""
    from portal import database, settings  # noqa: PLC0415 - read the environment
    from tests.portal.pages.answering import everything, sheet_with  # noqa: PLC0415 - found only through `main`

    async def keep() -> str:
        async with database.pool():
            return (await sheet_with(everything(0))).token

    os.environ.update(environment)
    settings.current.cache_clear()
    return asyncio.run(keep())


def photograph(url: str, sheet: str) -> None:
    """The front page, the top of a result, and the plan of that sheet."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needed only where there is a farm

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1180}, color_scheme="light")
        page.goto(f"{url}/en/")
        picture(page.screenshot(), DOCS / "home.png")
        page.locator("#domain").fill("leipomo.test")
        page.locator("form.ask button").click()
        page.wait_for_selector(".verdict", timeout=60_000)
        picture(page.screenshot(), DOCS / "result.png")
        page.goto(f"{url}/en/q/{sheet}/plan")
        picture(page.screenshot(), DOCS / "plan.png")
        browser.close()


def picture(png: bytes, target: Path) -> None:
    """Keeps a screenshot, made small."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(png)
    shrink(target, target)


def shrink(source: Path, target: Path) -> None:
    """The picture with few colours."""
    from PIL import Image  # noqa: PLC0415 - comes with WeasyPrint

    with Image.open(source) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()

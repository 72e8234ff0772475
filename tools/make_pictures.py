"""Makes the pictures of the README and of the front page from the real portal, beside the farm's real servers.

docs/pictures/: home.png, result.png and report.png. src/portal/static/: the first page of a report in each language.
"""

import os
import shutil
import subprocess
import sys
import tempfile
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
    if os.environ.get("KYBERKUNTO_OWN_NETWORK") != "1":
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
            with serving(environment, folder / "log") as served:
                photograph(served.url)
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


def photograph(url: str) -> None:
    """The front page, and the top of a result."""
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

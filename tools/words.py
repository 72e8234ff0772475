"""Brings the catalogues of the interface's words up to date with code and templates: `tools/words.py`.

New sentences are added without a translation, which a test refuses until somebody has written it; those that are gone
are removed. Nothing is ever guessed ("fuzzy").
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "portal" / "locale"
KEYWORDS = {**DEFAULT_KEYWORDS, "tell": None, "tell_many": (1, 2)}
"""`tell = words(language)` is how code asks for a sentence; in templates it is `_`."""

HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""No dates and no names: they would change with every run, and git knows them."""


def extracted() -> Catalog:
    """Every sentence in code and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(project="Kyberkunto", charset="utf-8", fuzzy=False)
    sources = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for name, _line, message, comments, context in sorted(sources, key=lambda source: source[0]):
        found.add(message, None, [(name, None)], auto_comments=comments, context=context)
    return found


def main() -> None:
    """Rewrites each language's file."""
    template = extracted()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/portal.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        whole = path.with_suffix(".new")  # whoever reads meanwhile must not find half a file
        with whole.open("wb") as file:
            file.write(HEADER.format(language=language).encode())
            write_po(file, catalogue, width=120, omit_header=True, include_lineno=False, sort_by_file=True)
        whole.replace(path)
        missing = sum(1 for message in catalogue if message.id and not all(_texts(message.string)))
        print(f"{language}: {len(catalogue)} sentences, {missing} without a translation")


def _texts(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string or "",)


if __name__ == "__main__":
    main()

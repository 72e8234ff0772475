"""A small text file as each web server tells it: by lines of its settings, or as a file below its root folder."""

from collections.abc import Sequence

from checks.contract import Snippet


def served(path: str, lines: Sequence[str]) -> tuple[Snippet, ...]:
    """The snippets for that file; its lines without quotes, backticks, backslashes, braces or dollar signs."""
    quoted = "".join(f"{line}\\n" for line in lines)
    file = "".join(f"{line}\n" for line in lines)
    return (
        Snippet("nginx", f'location = {path} {{\n    default_type text/plain;\n    return 200 "{quoted}";\n}}'),
        Snippet("apache", file, path),
        Snippet("iis", file, path),
        # Between backticks and not as a heredoc, which Caddy before 2.7 (in Debian 12) does not know.
        Snippet("caddy", f"header {path} Content-Type text/plain\nrespond {path} `{file}` 200"),
    )

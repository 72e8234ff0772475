"""What is shown of the headers that a stranger wrote, and the lines that set one in each web server."""

from collections.abc import Iterable

from checks.contract import Snippet

MAX_SHOWN = 200
_IIS = """<configuration>
  <system.webServer>
    <httpProtocol>
      <customHeaders>
        <remove name="{name}" />
        <add name="{name}" value="{value}" />
      </customHeaders>
    </httpProtocol>
  </system.webServer>
</configuration>"""


def shown(values: Iterable[str]) -> str:
    """The values of a header in one line, shortened; a dash where there are none."""
    return ", ".join(values)[:MAX_SHOWN] or "–"


def snippets(name: str, value: str) -> tuple[Snippet, ...]:
    """The lines that make each web server send that header, once; the value without quotes in it.

    Programs behind the web server may set it too: Apache takes theirs out, and Caddy sets its own after them.
    """
    return (
        Snippet("nginx", f'add_header {name} "{value}" always;'),
        Snippet("apache", f'Header unset {name}\nHeader always set {name} "{value}"'),
        Snippet("iis", _IIS.format(name=name, value=value)),
        Snippet("caddy", f'header {{\n\t{name} "{value}"\n\tdefer\n}}'),
    )

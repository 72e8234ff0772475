"""The same domains seen by other tools, from the same simulated distance: `python -m tools.compare [--only …]`.

Runs inside tools/own-network, from tools/compare, which sets the other tools up. Starts the farm, puts 100 ms between
it and the tools (tests/farm/distance.py), and runs each tool as its own manual says. What it printed goes, made smaller
(tools/compare_shrink.py), to docs/compare/DOMAIN/RUN.json; how long it took, to measured.json beside it. Then
tools/compare_report.py makes docs/compare.md of that.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tests.farm.distance import Distance
from tests.farm.farm import Farm, missing
from tests.farm.site import Site
from tests.farm.sites import ALL_SITES
from tools.compare_shrink import smaller

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "docs/compare"
ROUND_TRIP_S = 0.1
MOST_S = 600

KYBERKUNTO, CHECKDMARC = "kyberkunto", "checkdmarc"
SSLYZE_WEB, SSLYZE_MAIL, TESTSSL_WEB, TESTSSL_MAIL = "sslyze-web", "sslyze-mail", "testssl-web", "testssl-mail"
WEB = (SSLYZE_WEB, TESTSSL_WEB)

PLAN: Mapping[str, tuple[str, ...]] = {
    "good.test": (KYBERKUNTO, CHECKDMARC, *WEB, SSLYZE_MAIL, TESTSSL_MAIL),
    "leipomo.test": (KYBERKUNTO, CHECKDMARC, *WEB),
    "tls10.test": (KYBERKUNTO, CHECKDMARC, *WEB),
    "spf-lookups.test": (KYBERKUNTO, CHECKDMARC),
    "no-starttls.test": (KYBERKUNTO, CHECKDMARC, SSLYZE_MAIL, TESTSSL_MAIL),
}
"""Which tool looks at which domain. A tool is spared where all that it can see is as with another domain here."""

# Another name and another resolver than this machine's, for this command only.
_ELSEWHERE = 'mount --bind "$1" /etc/resolv.conf; hostname near.test; shift; exec "$@"'


@dataclass(frozen=True, slots=True)
class Bench:
    """The farm, how far away it is, where the other tools are, and a directory for what they write."""

    farm: Farm
    distance: Distance
    scratch: Path

    def command(self, run: str, domain: str, output: Path) -> list[str]:
        """The command line of one run; it writes JSON to `output`, or to standard output."""
        ca_file, mail = str(self.farm.ca_file), f"{_mail_host(_site(domain))}:25"
        own = ("check", domain, "--json", "--resolver", self.farm.resolver, "--allow-network", self.farm.allow_network)
        sslyze = (_of("sslyze", "sslyze"), f"--certinfo_ca_file={ca_file}", f"--json_out={output}")
        testssl = ("testssl", "--quiet", "--color=0", "--warnings=off", f"--add-ca={ca_file}", f"--jsonfile={output}")
        lines: Mapping[str, tuple[str, ...]] = {
            KYBERKUNTO: (str(Path(sys.executable).with_name("kyberkunto")), *own),
            CHECKDMARC: (_of("checkdmarc", "checkdmarc"), "--check-mx-tls", domain),
            SSLYZE_WEB: (*sslyze, f"{domain}:443"),
            SSLYZE_MAIL: (*sslyze, "--starttls=smtp", mail),
            TESTSSL_WEB: (*testssl, f"{domain}:443"),
            TESTSSL_MAIL: (*testssl, "--starttls=smtp", mail),
        }
        return list(lines[run])

    def run(self, run: str, domain: str) -> None:
        """Runs one tool from afar, to its end, and stores what it wrote and what it took."""
        output = self.scratch / f"{domain}-{run}.json"
        self.distance.connections()
        load, began = os.getloadavg()[0], time.perf_counter()
        told = self._tell(self.command(run, domain, output))
        seconds = time.perf_counter() - began
        printed = output.read_text() if output.exists() else told.stdout
        if not printed.strip():
            sys.exit(f"{domain} {run}: printed nothing; {told.stderr[-2000:]}")
        measured = {
            "date": datetime.now(UTC).date().isoformat(),
            "version": versions()[run.partition("-")[0]],
            "seconds": round(seconds, 1),
            "connections": dict(sorted(self.distance.connections().items())),
            "load": round(load, 1),
        }
        store(domain, run, self.scrubbed(printed), measured)

    def _tell(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Runs a command at the near end, where the farm's resolver and its root certificate are the system's own."""
        resolver, ca_file = self.scratch / "resolv.conf", str(self.farm.ca_file)
        resolver.write_text(f"nameserver {self.farm.resolver}\n")
        elsewhere = ("unshare", "--mount", "--uts", "sh", "-ec", _ELSEWHERE, "sh", str(resolver))
        return subprocess.run(
            self.distance.command(*elsewhere, *command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.scratch,
            env={**os.environ, "SSL_CERT_FILE": ca_file, "REQUESTS_CA_BUNDLE": ca_file, "HOME": str(self.scratch)},
            timeout=MOST_S,
            check=False,
        )

    def scrubbed(self, printed: str) -> str:
        """Without the paths of this machine; its name was hidden from the tools."""
        for path, name in ((self.farm.directory, "FARM"), (self.scratch, "SCRATCH"), (ROOT, ".")):
            printed = printed.replace(str(path), name)
        return printed


def _of(environment: str, command: str) -> str:
    return str(ROOT / f".compare/{environment}/bin/{command}")


def _site(domain: str) -> Site:
    return next(site for site in ALL_SITES if site.domain == domain)


def _mail_host(site: Site) -> str:
    return site.mx[0].split()[1].removesuffix(".")


@cache
def versions() -> Mapping[str, str]:
    """What each tool says that it is."""
    asked: Mapping[str, tuple[str, ...]] = {
        "checkdmarc": (_of("checkdmarc", "checkdmarc"), "--version"),
        "sslyze": (_of("sslyze", "sslyze"), "--help"),
        "testssl": ("testssl", "--version"),
    }
    found = {"kyberkunto": version("kyberkunto")}
    for tool, command in asked.items():
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        found[tool] = (re.findall(r"\d+\.\d+\.\d+", told) or ["?"])[0]
    return found


def store(domain: str, run: str, printed: str, measured: Mapping[str, object]) -> None:
    """Writes one run's output and figures below docs/compare/."""
    directory = STORED / domain
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{run}.json").write_text(_text(smaller(json.loads(printed))))
    file = directory / "measured.json"
    figures = {**(json.loads(file.read_text()) if file.exists() else {}), run: measured}
    file.write_text(_text({name: figures[name] for name in PLAN[domain] if name in figures}))
    domains = [name for name in PLAN if (STORED / name).is_dir()]
    (STORED / "order.json").write_text(_text({"round_trip_ms": round(ROUND_TRIP_S * 1000), "domains": domains}))
    print(f"{domain} {run}: {measured['seconds']} s", flush=True)


def _text(value: object) -> str:
    return f"{json.dumps(value, indent=1, ensure_ascii=False)}\n"


def main() -> None:
    """Runs the whole plan, or what is named."""
    parser = argparse.ArgumentParser(description="The same domains, seen by other tools.")
    parser.add_argument("--only", action="append", metavar="DOMAIN:RUN", help="one run; may be repeated")
    args = parser.parse_args()
    if reason := missing():
        sys.exit(reason)
    runs = [(domain, run) for domain, chosen in PLAN.items() for run in chosen]
    if args.only:
        runs = [one for one in runs if ":".join(one) in args.only]
        if len(runs) < len(args.only):
            sys.exit("not in the plan: " + ", ".join(set(args.only) - {":".join(one) for one in runs}))
    elif STORED.exists():
        for domain in PLAN:
            shutil.rmtree(STORED / domain, ignore_errors=True)
    with tempfile.TemporaryDirectory() as farm_directory, tempfile.TemporaryDirectory() as scratch:
        farm = Farm(Path(farm_directory))
        farm.start()
        try:
            with Distance() as distance:
                distance.set_round_trip(ROUND_TRIP_S)
                bench = Bench(farm, distance, Path(scratch))
                for domain, run in runs:
                    bench.run(run, domain)
        finally:
            farm.stop()


if __name__ == "__main__":
    main()

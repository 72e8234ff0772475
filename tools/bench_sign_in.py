"""Asking for a link to sign in, for an address that has an account and for one that has none, beside each other.

    .venv/bin/python tools/bench_sign_in.py [COUNT]

Through the whole application on SQLite, one request at a time, the two kinds in turn and each time another address, so
that a busy machine slows both alike. Prints the medians and how the one stands to the other, which nobody must be able
to tell apart. Ends with 1 where a request failed.
"""

import asyncio
import logging
import os
import re
import statistics
import sys
import tempfile
import time
from datetime import timedelta

import httpx

COUNT = 1000
PLENTY = 10**6
URL = "http://127.0.0.1:8000"


async def asked(browser: httpx.AsyncClient, token: str, address: str) -> float:
    """The milliseconds until the answer. Raises SystemExit where it is not the one that everybody gets."""
    began = time.perf_counter()
    answer = await browser.post("/en/sign-in", data={"address": address, "_csrf": token})
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise SystemExit(1)
    return taken


async def measure(count: int) -> dict[str, list[float]]:
    """By kind, how long each request took."""
    from portal import database, settings  # noqa: PLC0415 - reads the settings
    from portal.accounts import people, signing_in  # noqa: PLC0415 - the same
    from portal.app import build_app  # noqa: PLC0415 - the same
    from portal.migrating import migrate  # noqa: PLC0415 - the same

    plenty = ((PLENTY, timedelta(hours=1)),)
    signing_in.PER_CLIENT = signing_in.PER_ADDRESS = plenty  # type: ignore[assignment]
    await migrate(settings.current())
    transport = httpx.ASGITransport(app=build_app(secure_cookies=False), client=("127.0.0.1", 50000))
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    async with database.pool(), httpx.AsyncClient(transport=transport, base_url=URL) as browser:
        for number in range(count):
            await people.arrived(f"known{number}@kahvila.fi", "en")
        found = re.search(r'name="_csrf" value="([^"]+)"', (await browser.get("/en/sign-in")).text)
        token = found.group(1) if found else ""
        for warming in range(20):
            await asked(browser, token, f"warming{warming}@kahvila.fi")
        for number in range(count):
            for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
                taken[kind].append(await asked(browser, token, f"{kind}{number}@kahvila.fi"))
    return taken


def main(count: int) -> None:
    """Prints both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            KYBERKUNTO_VAR=folder,
            KYBERKUNTO_LOG_LEVEL="WARNING",
            KYBERKUNTO_SMTP_URL="smtp://127.0.0.1:25",
            KYBERKUNTO_MAIL_FROM="noreply@kyberkunto.test",
            KYBERKUNTO_PUBLIC_URL="https://kyberkunto.test",
            KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR=str(PLENTY),
        )
        logging.disable(logging.INFO)
        taken = asyncio.run(measure(count))
    medians = {kind: statistics.median(times) for kind, times in taken.items()}
    for kind, median in medians.items():
        print(f"{kind + ' address':<28}{median:>9.2f} ms median of {count}")
    ratio, apart = medians["known"] / medians["unknown"], abs(medians["known"] - medians["unknown"])
    print(f"A known address takes {ratio:.3f} of what an unknown one takes: {apart:.2f} ms apart.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)

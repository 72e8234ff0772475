"""One round of looking after domains; the worker makes one again and again."""

from datetime import timedelta

from portal import clock, settings
from portal.watching import looking, service, telling

EVERY = timedelta(seconds=20)


async def go() -> None:
    """Begins what is due, learns what has ended, and tells it. Without a mail server nothing is begun.

    Whenever it is cut off, the next one goes on where it was: each thing to tell is kept once, and told once.
    """
    if not settings.current().sends_letters:
        return
    now = clock.now()
    await looking.end_old(now)
    await looking.begin_due(now)
    await looking.learn_ended(now)
    await telling.note_ended()
    await telling.tell_all(now)
    await service.forget_unconfirmed()

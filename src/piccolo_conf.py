"""Where Piccolo finds the database and the apps; see `portal.database`."""

from piccolo.conf.apps import AppRegistry

from portal import settings
from portal.database import make_engine

DB = make_engine(settings.current())

APP_REGISTRY = AppRegistry(
    apps=[
        "portal.accounts.piccolo_app",
        "portal.assessments.piccolo_app",
        "portal.audit.piccolo_app",
        "portal.awards.piccolo_app",
        "portal.calls.piccolo_app",
        "portal.entries.piccolo_app",
        "portal.events.piccolo_app",
        "portal.juries.piccolo_app",
        "portal.mail.piccolo_app",
        "portal.privacy.piccolo_app",
        "portal.programme.piccolo_app",
        "portal.sharing.piccolo_app",
        "portal.watching.piccolo_app",
    ]
)

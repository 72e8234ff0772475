"""Who may do what: every permission of the portal, as a predicate with a name.

Each route declares one (`portal.web.guards.requires`). A permission sees who asks and what the path names: the path's
parameters, such as the slug of a city. It never looks into the database. What belongs to a firm is filtered where it is
looked up (`open_to`), so that what one may not see is as absent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from piccolo.columns import ForeignKey

from portal.accounts.viewer import Viewer

At = Mapping[str, Any]
Permission = Callable[[Viewer, At], bool]


def anyone(_viewer: Viewer, _at: At) -> bool:
    """What stands open to everybody."""
    return True


def knows_address(_viewer: Viewer, _at: At) -> bool:
    """A check or a sheet: whoever knows its unguessable address, while it is nobody's; then its firm (`open_to`)."""
    return True


def knows_link(_viewer: Viewer, _at: At) -> bool:
    """What somebody gave out by a link that they can end: shared pages, letters' links, calendars, badges."""
    return True


def signed_in(viewer: Viewer, _at: At) -> bool:
    """Whoever is signed in, for their own affairs."""
    return viewer.person is not None


def stepped_up(viewer: Viewer, _at: At) -> bool:
    """Whoever is signed in and showed their second factor not long ago, for what guards their account."""
    return viewer.person is not None and viewer.stepped_up


def belongs(viewer: Viewer, at: At) -> bool:
    """Whoever belongs to the organisation that the path names."""
    return at["organisation"] in viewer.organisations


def owns(viewer: Viewer, at: At) -> bool:
    """Whoever decides in the organisation that the path names."""
    return at["organisation"] in viewer.owns


def organises(viewer: Viewer, at: At) -> bool:
    """The organisers of the city that the path names, with their second factor."""
    return viewer.stepped_up and at["city"] in viewer.organises


def judges(viewer: Viewer, at: At) -> bool:
    """The jurors of the city that the path names, with their second factor."""
    return viewer.stepped_up and at["city"] in viewer.judges


def administers(viewer: Viewer, _at: At) -> bool:
    """Administrators, with their second factor. They see no firm's answers and no check."""
    return viewer.stepped_up and viewer.administers


def open_to(firm: ForeignKey[Any], viewer: Viewer) -> Any:  # noqa: ANN401 - Piccolo's conditions share no public type
    """The rows whose `firm` is the viewer's, or nobody's: what `knows_address` means, for the query."""
    unclaimed = firm.is_null()
    return unclaimed | firm.is_in(list(viewer.firms)) if viewer.firms else unclaimed

"""Who may do what, written down by hand: by path, by what it needs, and by who asks.

Nothing here is read from the guards of the portal: those are what `test_matrix` tests against it. A path that does not
stand here fails the tests.
"""

from enum import StrEnum


class Who(StrEnum):
    """Who asks. `…_WITHOUT`: the same, before they have shown their second factor."""

    VISITOR = "visitor"
    NEWCOMER = "somebody signed in"
    OWNER = "owner"
    MEMBER = "owner's colleague"
    OTHER_OWNER = "another owner"
    LEAD = "entrant who leads"
    ENTRANT = "entrant"
    JUROR = "juror"
    JUROR_WITHOUT = "juror without second step"
    ORGANISER = "organiser"
    ORGANISER_WITHOUT = "organiser without second step"
    OTHER_ORGANISER = "organiser of another city"
    ADMINISTRATOR = "administrator"
    ADMINISTRATOR_WITHOUT = "administrator without second step"


EVERYBODY = frozenset(Who)
STEPPED_UP = {
    Who.JUROR_WITHOUT: Who.JUROR,
    Who.ORGANISER_WITHOUT: Who.ORGANISER,
    Who.ADMINISTRATOR_WITHOUT: Who.ADMINISTRATOR,
}


class What(StrEnum):
    """Of the things that a path can name, whose it is."""

    NOTHING = "nothing"
    OURS = "the owner's"
    THEIRS = "another's"
    TEAMS = "the entrants'"
    NOBODYS = "nobody's"
    CROSSED = "another city's, asked for as one's own city's"
    ABSENT = "absent"


class Needs(StrEnum):
    """What a path needs."""

    NOTHING = "nothing"
    FILE = "a file that is one's own or nobody's"
    LINK = "a link that somebody gave out"
    CITY = "a city"
    FILE_AND_SIGNED_IN = "the same, and to be signed in"
    NOBODYS_FILE = "a file that is nobody's, which its link alone opens"
    OWN_FILE = "a file of one's own, which the form names"
    SIGNED_IN = "to be signed in"
    STEPPED_UP = "to have shown the second factor"
    BELONGS = "to belong to the organisation"
    OWNS = "to decide in the organisation"
    ORGANISES = "to organise the city"
    JUDGES = "to be a juror of the call for the city"
    CALL = "a published call"
    CALL_AND_SIGNED_IN = "a published call, and to be signed in"
    PUBLISHED = "results that are published, which these are not yet"
    ORGANISES_CALL = "to organise the city, and the call is of it"
    ENTRY = "to belong to the team, and the entry is of it"
    ADMINISTERS = "to administer"
    ADMINISTERS_CITY = "to administer, and a city"


FIRM = frozenset({Who.OWNER, Who.MEMBER})
TEAM = frozenset({Who.LEAD, Who.ENTRANT})
NOBODY: frozenset[Who] = frozenset()

STEPPED = frozenset({Who.JUROR, Who.ORGANISER, Who.OTHER_ORGANISER, Who.ADMINISTRATOR})
"""Who has just shown a second factor here. All others have one, too, and have not."""
ADMINISTRATOR = frozenset({Who.ADMINISTRATOR})

MAY: dict[Needs, dict[What, frozenset[Who]]] = {
    Needs.NOTHING: {What.NOTHING: EVERYBODY},
    Needs.FILE: {
        What.OURS: FIRM,
        What.THEIRS: frozenset({Who.OTHER_OWNER}),
        What.NOBODYS: EVERYBODY,
        What.ABSENT: NOBODY,
    },
    Needs.FILE_AND_SIGNED_IN: {
        What.OURS: FIRM,
        What.THEIRS: frozenset({Who.OTHER_OWNER}),
        What.NOBODYS: EVERYBODY - {Who.VISITOR},
        What.ABSENT: NOBODY,
    },
    Needs.NOBODYS_FILE: {
        What.OURS: NOBODY,
        What.THEIRS: NOBODY,
        What.NOBODYS: EVERYBODY,
        What.ABSENT: NOBODY,
    },
    Needs.OWN_FILE: {
        What.OURS: FIRM,
        What.THEIRS: frozenset({Who.OTHER_OWNER}),
        What.NOBODYS: NOBODY,
        What.ABSENT: NOBODY,
    },
    Needs.LINK: {What.OURS: EVERYBODY, What.ABSENT: NOBODY},
    Needs.CITY: {What.OURS: EVERYBODY, What.THEIRS: EVERYBODY, What.ABSENT: NOBODY},
    Needs.SIGNED_IN: {What.NOTHING: EVERYBODY - {Who.VISITOR}},
    Needs.STEPPED_UP: {What.NOTHING: STEPPED},
    Needs.BELONGS: {
        What.OURS: FIRM,
        What.TEAMS: TEAM,
        What.THEIRS: frozenset({Who.OTHER_OWNER}),
        What.ABSENT: NOBODY,
    },
    Needs.OWNS: {
        What.OURS: frozenset({Who.OWNER}),
        What.TEAMS: frozenset({Who.LEAD}),
        What.THEIRS: frozenset({Who.OTHER_OWNER}),
        What.ABSENT: NOBODY,
    },
    Needs.ORGANISES: {
        What.OURS: frozenset({Who.ORGANISER}),
        What.THEIRS: frozenset({Who.OTHER_ORGANISER}),
        What.ABSENT: NOBODY,
    },
    Needs.JUDGES: {What.OURS: frozenset({Who.JUROR}), What.THEIRS: NOBODY, What.CROSSED: NOBODY, What.ABSENT: NOBODY},
    Needs.CALL: {What.OURS: EVERYBODY, What.THEIRS: EVERYBODY, What.ABSENT: NOBODY},
    Needs.PUBLISHED: {What.OURS: NOBODY, What.ABSENT: NOBODY},
    Needs.CALL_AND_SIGNED_IN: {What.OURS: EVERYBODY - {Who.VISITOR}, What.ABSENT: NOBODY},
    Needs.ORGANISES_CALL: {
        What.OURS: frozenset({Who.ORGANISER}),
        What.THEIRS: frozenset({Who.OTHER_ORGANISER}),
        What.CROSSED: NOBODY,
        What.ABSENT: NOBODY,
    },
    Needs.ENTRY: {What.TEAMS: TEAM, What.OURS: NOBODY, What.ABSENT: NOBODY},
    Needs.ADMINISTERS: {What.NOTHING: ADMINISTRATOR},
    Needs.ADMINISTERS_CITY: {What.OURS: ADMINISTRATOR, What.THEIRS: ADMINISTRATOR, What.ABSENT: NOBODY},
}
"""Who may, by whose thing it is. Of cities, "the owner's" is the one in which the juror and the organiser are that."""

OPEN_TO_VISITORS = {Needs.NOTHING, Needs.FILE, Needs.NOBODYS_FILE, Needs.LINK, Needs.CITY, Needs.CALL, Needs.PUBLISHED}
"""Where a visitor who may not is told that there is no such thing; elsewhere they are asked to sign in first."""


class Answer(StrEnum):
    """What the portal is to answer, as far as permissions go."""

    PASSES = "passes"
    ABSENT = "no such thing"
    SIGN_IN = "sign in first"
    SECOND_STEP = "second step first"
    WRONG_METHOD = "wrong method"


def expected(needs: Needs, who: Who, what: What) -> Answer:
    """What whoever asks for that thing is to be answered."""
    may = MAY[needs][what]
    if who in may:
        return Answer.PASSES
    if needs in OPEN_TO_VISITORS:
        return Answer.ABSENT
    if who is Who.VISITOR:
        return Answer.SIGN_IN
    could = needs is Needs.STEPPED_UP or STEPPED_UP.get(who) in may or _could(needs, who, what)
    return Answer.SECOND_STEP if could else Answer.ABSENT


def _could(needs: Needs, who: Who, what: What) -> bool:
    """What there is in a city is not looked up before somebody of that city has shown their second factor.

    Nor is whether there is such a city, before an administrator has.
    """
    if what is What.CROSSED:
        return who is (Who.JUROR_WITHOUT if needs is Needs.JUDGES else Who.ORGANISER_WITHOUT)
    return needs is Needs.ADMINISTERS_CITY and who is Who.ADMINISTRATOR_WITHOUT


PATHS: dict[str, Needs] = {
    **dict.fromkeys(
        (
            "/",
            "/{language:str}",
            "/{language:str}/own-name",
            "/{language:str}/now",
            "/{language:str}/data",
            "/{language:str}/accessibility",
            "/{language:str}/accessibility/feedback",
            "/{language:str}/about",
            "/{language:str}/status",
            "/{language:str}/calls",
            "/{language:str}/security",
            "/{language:str}/questions",
            "/{language:str}/sign-in",
            "/{language:str}/sign-in/sent",
            "/{language:str}/solutions",
            "/schema/{name:str}",
            "/.well-known/security.txt",
            "/health",
            "/ready",
            "/static/{file_path:path}",
        ),
        Needs.NOTHING,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/a/{token:str}",
            "/{language:str}/a/{token:str}/events",
            "/{language:str}/a/{token:str}/history",
            "/{language:str}/a/{token:str}/again",
            "/{language:str}/a/{token:str}/report",
            "/{language:str}/a/{token:str}/report.pdf",
            "/{language:str}/a/{token:str}/ports",
            "/{language:str}/a/{token:str}/wrong",
            "/{language:str}/a/{token:str}/share",
            "/{language:str}/a/{token:str}/share/{audience:str}",
            "/{language:str}/a/{token:str}/share/end",
            "/{language:str}/a/{token:str}/badge",
            "/{language:str}/a/{token:str}/badge/end",
            "/{language:str}/a/{token:str}/take/{form:str}",
            "/{language:str}/a/{token:str}/watch",
            "/{language:str}/q/{token:str}",
            "/{language:str}/q/{token:str}/{question:str}",
            "/{language:str}/q/{token:str}/answers",
            "/{language:str}/q/{token:str}/domain",
            "/{language:str}/q/{token:str}/domain/again",
            "/{language:str}/q/{token:str}/domain/remove",
            "/{language:str}/q/{token:str}/report",
            "/{language:str}/q/{token:str}/report/state",
            "/{language:str}/q/{token:str}/report.pdf",
            "/{language:str}/q/{token:str}/plan",
            "/{language:str}/q/{token:str}/plan/done",
            "/{language:str}/q/{token:str}/plan/looked",
            "/{language:str}/q/{token:str}/pilot",
            "/{language:str}/q/{token:str}/share",
            "/{language:str}/q/{token:str}/share/{audience:str}",
            "/{language:str}/q/{token:str}/share/end",
            "/{language:str}/q/{token:str}/take/{form:str}",
            "/{language:str}/q/{token:str}/programme",
            "/{language:str}/q/{token:str}/keep",
            "/{language:str}/a/{token:str}/keep",
        ),
        Needs.FILE,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/s/{token:str}",
            "/{language:str}/s/{token:str}/check",
            "/{language:str}/s/{token:str}/report",
            "/{language:str}/s/{token:str}/report.pdf",
            "/{language:str}/b/{token:str}",
            "/{language:str}/b/{token:str}/badge.svg",
            "/{language:str}/w/confirm/{token:str}",
            "/{language:str}/w/{token:str}",
            "/{language:str}/w/{token:str}/unsubscribe",
            "/{language:str}/calendar/{ticket:str}",
            "/{language:str}/sign-in/{token:str}",
            "/{language:str}/solution/{solution:uuid}",
        ),
        Needs.LINK,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/me",
            "/{language:str}/me/sign-out",
            "/{language:str}/me/sessions",
            "/{language:str}/me/name",
            "/{language:str}/me/invitations",
            "/{language:str}/me/second-step",
            "/{language:str}/me/second-step/recovery",
            "/{language:str}/me/second-step/passkey",
            "/{language:str}/me/second-step/passkey/ask",
            "/{language:str}/me/second-factors",
            "/{language:str}/me/second-factors/codes",
            "/{language:str}/me/data",
            "/{language:str}/organisation",
        ),
        Needs.SIGNED_IN,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/me/second-factors/app",
            "/{language:str}/me/second-factors/passkey",
            "/{language:str}/me/second-factors/passkey/ask",
            "/{language:str}/me/second-factors/remove",
            "/{language:str}/me/data/take",
            "/{language:str}/me/data/kyberkunto.zip",
            "/{language:str}/me/data/delete",
        ),
        Needs.STEPPED_UP,
    ),
    "/{language:str}/me/data/keep": Needs.OWN_FILE,
    "/{language:str}/q/{token:str}/letter": Needs.NOBODYS_FILE,
    "/{language:str}/organisation/{organisation:uuid}": Needs.BELONGS,
    "/{language:str}/organisation/{organisation:uuid}/leave": Needs.BELONGS,
    **dict.fromkeys(
        (
            "/{language:str}/organisation/{organisation:uuid}/rename",
            "/{language:str}/organisation/{organisation:uuid}/delete",
            "/{language:str}/organisation/{organisation:uuid}/invite",
            "/{language:str}/organisation/{organisation:uuid}/end-invitation",
            "/{language:str}/organisation/{organisation:uuid}/owner",
            "/{language:str}/organisation/{organisation:uuid}/remove",
        ),
        Needs.OWNS,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/city/{city:str}",
            "/{language:str}/city/{city:str}/programme",
            "/{language:str}/city/{city:str}/programme.csv",
            "/{language:str}/city/{city:str}/programme.json",
        ),
        Needs.CITY,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/city/{city:str}/programme/organisers",
            "/{language:str}/city/{city:str}/manage",
            "/{language:str}/city/{city:str}/manage/texts",
            "/{language:str}/city/{city:str}/manage/invite",
            "/{language:str}/city/{city:str}/manage/end-invitation",
            "/{language:str}/city/{city:str}/manage/withdraw",
            "/{language:str}/city/{city:str}/calls",
            "/{language:str}/city/{city:str}/calls/answer",
        ),
        Needs.ORGANISES,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/administration",
            "/{language:str}/administration/city",
            "/{language:str}/administration/invite",
            "/{language:str}/administration/end-invitation",
            "/{language:str}/administration/withdraw",
        ),
        Needs.ADMINISTERS,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/city/{city:str}/jury/{call:str}",
            "/{language:str}/city/{city:str}/jury/{call:str}/declare",
            "/{language:str}/city/{city:str}/jury/{call:str}/compare",
            "/{language:str}/city/{city:str}/jury/{call:str}/meeting",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}/save",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}/done",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}/cannot",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}/recuse",
            "/{language:str}/city/{city:str}/jury/{call:str}/entry/{number:int}/file/{field:str}",
        ),
        Needs.JUDGES,
    ),
    "/{language:str}/administration/city/{city:str}": Needs.ADMINISTERS_CITY,
    **dict.fromkeys(
        (
            "/{language:str}/call/{call:str}/event/{event:uuid}",
            "/{language:str}/call/{call:str}/event/{event:uuid}/calendar.ics",
            "/{language:str}/call/{call:str}",
            "/{language:str}/call/{call:str}/versions/{number:int}",
        ),
        Needs.CALL,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/call/{call:str}/enter",
            "/{language:str}/call/{call:str}/event/{event:uuid}/register",
            "/{language:str}/call/{call:str}/event/{event:uuid}/give-up",
        ),
        Needs.CALL_AND_SIGNED_IN,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/call/{call:str}/gallery",
            "/{language:str}/call/{call:str}/results",
            "/{language:str}/call/{call:str}/results.json",
            "/{language:str}/call/{call:str}/scores.csv",
        ),
        Needs.PUBLISHED,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/city/{city:str}/call/{call:str}",
            "/{language:str}/city/{city:str}/call/{call:str}/edit/{part:str}",
            "/{language:str}/city/{city:str}/call/{call:str}/edit/{part:str}/{item:str}",
            "/{language:str}/city/{city:str}/call/{call:str}/publish",
            "/{language:str}/city/{city:str}/call/{call:str}/end",
            "/{language:str}/city/{city:str}/call/{call:str}/cities",
            "/{language:str}/city/{city:str}/call/{call:str}/events",
            "/{language:str}/city/{city:str}/call/{call:str}/events/new/{kind:str}",
            "/{language:str}/city/{city:str}/call/{call:str}/events/{event:uuid}",
            "/{language:str}/city/{city:str}/call/{call:str}/events/{event:uuid}/cancel",
            "/{language:str}/city/{city:str}/call/{call:str}/take/{form:str}",
            "/{language:str}/city/{city:str}/call/{call:str}/jury",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/add",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/juror",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/out",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/back",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/remind",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/open",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/give",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/take",
            "/{language:str}/city/{city:str}/call/{call:str}/jury/assign",
            "/{language:str}/city/{city:str}/call/{call:str}/ranking",
            "/{language:str}/city/{city:str}/call/{call:str}/pilots",
            "/{language:str}/city/{city:str}/call/{call:str}/lock",
            "/{language:str}/city/{city:str}/call/{call:str}/decide",
            "/{language:str}/city/{city:str}/call/{call:str}/publish-results",
            "/{language:str}/city/{city:str}/call/{call:str}/feedback",
            "/{language:str}/city/{city:str}/call/{call:str}/feedback/send",
        ),
        Needs.ORGANISES_CALL,
    ),
    **dict.fromkeys(
        (
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/save",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/file/{field:str}",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/submit",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/receipt/{number:int}",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/withdraw",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/gallery",
            "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/feedback",
        ),
        Needs.ENTRY,
    ),
}
"""Every path of the portal, and what it needs."""

FORMS: dict[str, Needs] = {
    "/{language:str}/q/{token:str}/keep": Needs.FILE_AND_SIGNED_IN,
    "/{language:str}/a/{token:str}/keep": Needs.FILE_AND_SIGNED_IN,
    "/{language:str}/me/second-factors/codes": Needs.STEPPED_UP,
}
"""What the form of a path needs, where that is more than its page."""


def needed(method: str, path: str) -> Needs:
    """What that needs."""
    return FORMS.get(path, PATHS[path]) if method == "POST" else PATHS[path]


ALSO_WITHOUT = {
    ("GET", "/{language:str}/w/{token:str}/unsubscribe"),
    ("POST", "/{language:str}/w/{token:str}/unsubscribe"),
}
"""What answers the same whether there is such a thing or not: whoever unsubscribes twice has unsubscribed."""

_OF_LOCKED = "/{language:str}/city/{city:str}/call/{call:str}"
_COMPARES = "/{language:str}/city/{city:str}/jury/{call:str}/compare"
NOT_YET = {
    *((method, f"{_OF_LOCKED}/{page}") for method in ("GET", "POST") for page in ("decide", "feedback")),
    *(("POST", f"{_OF_LOCKED}/{page}") for page in ("feedback/send", "publish-results")),
    *(("GET", _COMPARES), ("POST", _COMPARES)),
    ("GET", "/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/feedback"),
}
"""What is not there for anybody while a jury reads, as one does here: decisions, letters, the final's pairs."""

"""What can go wrong, in the words of the domain. Pages, the command and the jobs translate these."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from challenge.checking import Fault


class SettingError(Exception):
    """A setting makes no sense; the message is one plain line for the operator."""


class SignInNeededError(Exception):
    """Only who is signed in may do that."""


class SecondStepNeededError(Exception):
    """They may do that once they have shown their second factor in this session."""


class SignInTooOldError(Exception):
    """Whoever has no second factor yet may set the first one up only straight after they signed in."""


class WrongCodeError(Exception):
    """That is no code of the app, and no recovery code, or it was used before, or its time is over."""


class PasskeyRefusedError(Exception):
    """What the browser sent is signed by no passkey of that person, or answers no challenge that is still open."""


class PersonNotFoundError(Exception):
    """Nobody has an account with that address."""


class FactorNotFoundError(Exception):
    """The person has no such second factor."""


class LastFactorError(Exception):
    """The person's tasks need a second factor, and this is the only one: another one must be added first."""


class NotAllowedError(Exception):
    """There is no such thing, or you may not see it: the two are the same."""


class AssessmentNotFoundError(Exception):
    """There is no such assessment, or you may not see it: the two are the same."""


class FindingNotFoundError(Exception):
    """The assessment has no such finding."""


class AssessmentNotDoneError(Exception):
    """A report was asked for before the check had ended, or of one that failed."""


class ReportError(Exception):
    """A report cannot be printed. `code`: `too-long`, `too-large` or `broken`; the message is for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class TooManyRequestsError(Exception):
    """A limit is reached. `retry_after_s`: whole seconds until the next try is allowed. `limit`: which one."""

    def __init__(self, limit: str, retry_after_s: int) -> None:
        super().__init__(f"{limit}: again in {retry_after_s} s")
        self.limit = limit
        self.retry_after_s = retry_after_s


class TooManyCodesError(TooManyRequestsError):
    """Too many codes were tried for one person."""


class TooManyChecksError(TooManyRequestsError):
    """Too many checks by one client (`limit` is `client`) or of one domain (`target`)."""


class ProofExpiredError(Exception):
    """The token for the proof of a domain is too old; a new one is to be made."""


class SupersededError(Exception):
    """Another worker has taken this check over; what this one still finds is not to be kept."""


class AuditEntryError(Exception):
    """An entry of the audit log would hold what it must not: a fault of ours. The message repeats none of it."""


class BackupError(Exception):
    """A backup cannot be made or is none of ours; the message is one plain line for the operator."""


class MigrationError(Exception):
    """The database cannot be brought up to date; the message is for the operator."""


class CatalogueError(Exception):
    """The questionnaire's files are incomplete; the message names the place."""


class HelpError(Exception):
    """The list of affordable help is incomplete, or names what is not there; the message says where."""


class SheetError(Exception):
    """An answer sheet names what the questionnaire does not have. `code`: what; the message is one plain line.

    `names`: the version, or the question and the answer, that it does not have.
    """

    def __init__(self, code: str, message: str, *names: str) -> None:
        super().__init__(message)
        self.code = code
        self.names = names


class ContextError(Exception):
    """A file of official figures cannot be used; the message is one plain line with the place."""


class CalendarNotFoundError(Exception):
    """No such calendar's address was ever given out."""


class SheetNotFoundError(Exception):
    """There is no such answer sheet, or you may not see it: the two are the same."""


class DomainNotFoundError(Exception):
    """The sheet has no such domain."""


class TooManyDomainsError(Exception):
    """The sheet has as many domains as one may have; one must be removed first."""


class PlanError(Exception):
    """The plan's integer program could not be solved exactly: a fault of ours; the message is for the operator."""


class UnusableAddressError(Exception):
    """No mail can be sent to that. `code`: `no-address`, `not-an-address` or `special-letters`. Holds no address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooManyLettersError(TooManyRequestsError):
    """Too many letters from one client, to one address or about one thing."""


class TooManySignInsError(TooManyLettersError):
    """Too many links to sign in, asked for by one client or for one address."""


class LetterPutOffError(Exception):
    """A letter cannot be handed in now; later it may. `reason`: a kind of error or an answer's code, no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LetterRefusedError(Exception):
    """The mail server refuses a letter for good. `code`: its answer's (RFC 5321, section 4.2)."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class LetterUncertainError(Exception):
    """The mail server was being handed a letter and did not answer: it may have it or not."""


class LinkNotFoundError(Exception):
    """No such link was ever given out, or it has run out, or its owner ended it: the three are the same."""


class TooManyLinksError(Exception):
    """The owner has as many links as one may have; one must be ended first."""


class NothingTickedError(Exception):
    """A summary was to be made in which nothing stands."""


class UnusableNameError(Exception):
    """Nothing can be called that. `code`: `no-name` or `too-long`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LastOwnerError(Exception):
    """Nobody would decide in the organisation any more; somebody else must be its owner first."""


class UndecidedFirmError(Exception):
    """Others belong to an organisation in which this person alone decides: they say first what becomes of it."""


class LastAdministratorError(Exception):
    """Nobody would administer this installation any more; somebody else must do so first."""


class AlreadyThereError(Exception):
    """Whoever has that address belongs there already, or has that role."""


class TooManyPeopleError(Exception):
    """The organisation has as many people and open invitations as one may have."""


class TooManyInvitationsError(TooManyRequestsError):
    """Too many invitations from one client, by one person or to one address."""


class UnusableCityError(Exception):
    """A city cannot be described like that. `codes`: by field, what is wrong with it."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in codes.items()))
        self.codes = codes


class UnusableEventError(Exception):
    """An event cannot be described like that. `codes`: by field, what is wrong with it."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in codes.items()))
        self.codes = codes


class EventChangedError(Exception):
    """Somebody else saved the event meanwhile; what was typed is not kept yet."""


class EventClosedError(Exception):
    """The event is cancelled or has begun: nobody can ask for a place any more, or give one up."""


class SlotTakenError(Exception):
    """Another team has that time with the mentor by now, or there is none such."""


class TeamThereError(Exception):
    """The startup has a time in that clinic already, or waits for one."""


class SavedMeanwhileError(Exception):
    """A juror kept something newer of the same reading in another window; what was typed is not kept yet."""


class TooCloseError(Exception):
    """The juror is too close to that entrant to read what it entered."""


class NewEntrantsError(Exception):
    """The juror did not see all entrants when they said to whom they are too close."""


class RoundError(Exception):
    """A round cannot be opened. `code`: `too-early`, `phase-over`, `no-entries`, `not-locked` or `cancelled`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StalePanelError(Exception):
    """Entries, jurors or what they read changed since the assignment was shown."""


class ScoresMissingError(Exception):
    """A round cannot be locked: somebody has not finished, or an entry is read by too few."""


class AlreadyDoneError(Exception):
    """Somebody did that before, and it is done once."""


class ReasonsNeededError(Exception):
    """Decisions that the ranking alone does not make need their reasons.

    `entries`: by the entry's number, why (`challenge.deciding.Why`).
    """

    def __init__(self, entries: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{entry}: {why}" for entry, why in entries.items()))
        self.entries = entries


class NotReadyError(Exception):
    """A stage cannot be published yet. `code`: why (`portal.awards.publishing.readiness`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnusableTermsError(Exception):
    """A call's terms cannot be published, or kept, as they are. `faults`: what is wrong, by place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.part} {fault.item} {fault.field}: {fault.code}" for fault in faults))
        self.faults = tuple(faults)


class EditedMeanwhileError(Exception):
    """Somebody else saved it since it was shown; nothing was kept over that."""


class CallOverError(Exception):
    """The call's last phase is over: it cannot be cancelled any more."""


class EntriesClosedError(Exception):
    """The call takes no entries at that moment: it has not opened, its deadline and grace are over, or it ended."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment.isoformat())
        self.moment = moment


class NotEligibleError(Exception):
    """Who answered like that cannot enter. `questions`: the ids of those that stand in the way."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class AlreadyEnteredError(Exception):
    """That startup has an entry in that track. `entry`: which one."""

    def __init__(self, entry: UUID) -> None:
        super().__init__(str(entry))
        self.entry = entry


class EntryChangedError(Exception):
    """Somebody of the team changed the entry since whoever submits it looked at it."""


class EntryIncompleteError(Exception):
    """An entry cannot be submitted yet. `fields`: of its form, what is missing or wrong."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class TooManyFilesError(TooManyRequestsError):
    """Too many files for one entry."""


class PilotNotOpenError(Exception):
    """A firm cannot join that pilot. `code`: `over` or `too-few-answers`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotEmptyError(Exception):
    """A database that is to be filled from nothing has something in it."""


class NotADemoError(Exception):
    """This installation was not filled by `kyberkunto demo`: nobody may be signed in as somebody."""

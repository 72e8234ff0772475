"""Handing a letter to real mail servers: encrypted, signed in, and what they can answer."""

import ssl
from pathlib import Path

import pytest

from portal.errors import LetterPutOffError, LetterRefusedError, LetterUncertainError
from portal.mail import transport
from portal.relay import Relay
from tests.farm.authority import Authority, Certificate
from tests.portal.mail.post_office import ADDRESS, PASSWORD, USER, PostOffice, says

LETTER = b"Subject: Hello\r\n\r\nHello\r\n.\r\n..two\r\n"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))


def tls(authority: Authority, folder: Path, certificate: Certificate | None = None) -> ssl.SSLContext:
    (folder / "key.pem").write_bytes(authority.key_pem)
    (folder / "chain.pem").write_bytes(authority.chain_pem(("localhost",), certificate or Certificate()))
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return made


async def hand_in(relay: Relay, recipient: str = ADDRESS) -> None:
    async with transport.calling(relay, "kyberkunto.test") as client:
        await transport.announce(client, "noreply@kyberkunto.test", recipient)
        await transport.hand_over(client, LETTER)


@pytest.mark.usefixtures("trusted")
async def test_letter_arrives_whole_over_starttls_from_who_signed_in(authority: Authority, tmp_path: Path) -> None:
    with PostOffice(tls(authority, tmp_path), sign_in=True) as office:
        await hand_in(Relay("localhost", office.port, starttls=True, user=USER, password=PASSWORD))
    [(recipient, letter)] = office.taken
    assert (recipient, letter["Subject"]) == (ADDRESS, "Hello")
    assert letter.get_content().splitlines() == ["Hello", ".", "..two"]


@pytest.mark.usefixtures("trusted")
async def test_letter_arrives_over_tls_from_the_start(authority: Authority, tmp_path: Path) -> None:
    with PostOffice(tls(authority, tmp_path), at_once=True) as office:
        await hand_in(Relay("localhost", office.port, tls=True))
    assert len(office.taken) == 1


async def test_letter_arrives_without_encryption_on_the_machine_itself() -> None:
    with PostOffice() as office:
        await hand_in(Relay("127.0.0.1", office.port))
    assert len(office.taken) == 1


# asyncio's TLS server forgets to close a socket whose greeting failed; that is the test's server, not us.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    "certificate",
    [
        Certificate(issuer="stranger"),
        Certificate(issuer="self"),
        Certificate(valid_until=-1),
        Certificate(names=("x.test",)),
    ],
    ids=["stranger", "self", "expired", "other-name"],
)
@pytest.mark.parametrize("at_once", [False, True])
async def test_server_that_does_not_prove_its_name_gets_no_letter_and_no_password(
    authority: Authority, tmp_path: Path, certificate: Certificate, *, at_once: bool
) -> None:
    with PostOffice(tls(authority, tmp_path, certificate), at_once=at_once, sign_in=True) as office:
        relay = Relay("localhost", office.port, tls=at_once, starttls=not at_once, user=USER, password=PASSWORD)
        with pytest.raises(LetterPutOffError):
            await hand_in(relay)
    assert office.taken == []
    assert not office.heard.is_set()


async def test_server_without_starttls_gets_no_letter() -> None:
    with PostOffice() as office, pytest.raises(LetterPutOffError, match=r"^SMTPException$"):
        await hand_in(Relay("localhost", office.port, starttls=True))
    assert office.taken == []


@pytest.mark.usefixtures("trusted")
async def test_wrong_password_puts_off_because_the_operator_can_mend_it(authority: Authority, tmp_path: Path) -> None:
    office = PostOffice(tls(authority, tmp_path), sign_in=True)
    with office, pytest.raises(LetterPutOffError, match=r"^535$"):
        await hand_in(Relay("localhost", office.port, starttls=True, user=USER, password="wrong"))
    assert office.taken == []


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_answers_are_told_apart(step: str) -> None:
    with PostOffice() as office:
        office.answers[step] = [f"550 5.1.1 <{ADDRESS}> is unknown here", f"451 4.7.1 <{ADDRESS}> come again"]
        relay = Relay("127.0.0.1", office.port)
        with pytest.raises(LetterRefusedError) as refused:
            await hand_in(relay)
        with pytest.raises(LetterPutOffError) as put_off:
            await hand_in(relay)
    assert (refused.value.code, put_off.value.reason) == (550, "451")
    for error in (refused.value, put_off.value):
        assert ADDRESS not in repr(error)
        assert error.__suppress_context__


async def test_nobody_there_puts_off() -> None:
    with PostOffice() as office:
        port = office.port
    with pytest.raises(LetterPutOffError, match=r"^SMTPConnectError$"):
        await hand_in(Relay("127.0.0.1", port))


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (b"220 mail.test ESMTP\r\n",),
        (b"220 mail.test ESMTP\r\n", b"250 mail.test\r\n"),
        (b"220 mail.test ESMTP\r\n", b"250 mail.test\r\n", b"250 OK\r\n"),
        (b"\x00\xff nonsense\r\n",),
        (b"554 no\r\n",),
        (b"421 busy\r\n",),
        (b"220 mail.test ESMTP\r\n", b"250 mail.test\r\n", b"\xff\xfe\r\n"),
    ],
)
async def test_silence_and_nonsense_before_the_letter_put_off(
    lines: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "STEP_S", 0.3)
    monkeypatch.setattr(transport, "QUIT_S", 0.1)
    with says(*lines) as port, pytest.raises(LetterPutOffError):
        await hand_in(Relay("127.0.0.1", port))


async def test_silence_after_the_letter_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "DATA_S", 0.3)
    with PostOffice() as office:
        office.pause_s["DATA"] = 5
        with pytest.raises(LetterUncertainError):
            await hand_in(Relay("127.0.0.1", office.port))
    assert len(office.taken) == 1

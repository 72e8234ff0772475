import pytest

from portal.relay import Relay, parse_relay

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("smtp://mail.example.org", Relay("mail.example.org", 587, starttls=True)),
        ("smtps://mail.example.org/", Relay("mail.example.org", 465, tls=True)),
        ("smtp://localhost:25", Relay("localhost", 25)),
        ("smtp://127.0.0.1", Relay("127.0.0.1", 587)),
        ("smtp://[::1]:2525", Relay("::1", 2525)),
        ("smtp://10.0.0.25:25", Relay("10.0.0.25", 25, starttls=True)),
        ("smtps://localhost", Relay("localhost", 465, tls=True)),
        (
            "smtp://portal%40example.org:p%2Fss%40w%C3%B6rd@mail.example.org:2525",
            Relay("mail.example.org", 2525, starttls=True, user="portal@example.org", password="p/ss@wörd"),
        ),
    ],
)
def test_server_is_read_from_its_address(text: str, meant: Relay) -> None:
    assert parse_relay(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org",
        "https://mail.example.org",
        "smtp://",
        "smtp://:25",
        "smtp://portal@mail.example.org",
        f"smtp://:{SECRET}@mail.example.org",
        f"smtp://portal:{SECRET}@mail.example.org/inbox",
        f"smtp://portal:{SECRET}@mail.example.org?x=1",
        f"smtp://portal:{SECRET}@mail.example.org:0",
        f"smtp://portal:{SECRET}@mail.example.org:99999",
        f"smtp://portal:{SECRET}/x@mail.example.org",
        f"smtp://portal:x/{SECRET}@mail.example.org",
        f"smtp://portal:{SECRET}#x@mail.example.org",
        f"smtp://portal:{SECRET}[@mail.example.org",
        f"smtp://portal:{SECRET}@hyvinkää.example.org",
        f"smtp://portal:{SECRET}@mail..example.org-",
    ],
)
def test_senseless_address_is_refused_without_telling_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|needs) .+") as refused:
        parse_relay(text)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_password_is_not_shown_with_the_server() -> None:
    assert SECRET not in repr(parse_relay(f"smtp://portal:{SECRET}@mail.example.org"))

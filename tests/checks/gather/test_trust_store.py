from pathlib import Path

import pytest

from checks.gather.trust_store import system_anchors
from tests.checks.making import authority

ROOT = authority("Operator's Root")


def test_the_systems_own_authorities_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    anchors = system_anchors()
    assert len(anchors.certificates) > 50
    assert anchors.store is not None
    assert system_anchors() is anchors


def test_file_takes_the_place_of_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes(ROOT.pem + ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert system_anchors().certificates == (ROOT.certificate,)


def test_changed_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = tmp_path / "root.pem", authority("Next Root")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    file.write_bytes(ROOT.pem)
    assert system_anchors().certificates == (ROOT.certificate,)
    file.write_bytes(other.pem)
    assert system_anchors().certificates == (other.certificate,)


def test_file_and_directory_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, folder, other = tmp_path / "root.pem", tmp_path / "roots", authority("Next Root")
    file.write_bytes(ROOT.pem)
    folder.mkdir()
    (folder / "next.0").write_bytes(other.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'absent'}:{folder}")
    assert system_anchors().certificates == (ROOT.certificate, other.certificate)


def test_no_authorities_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert system_anchors().store is None

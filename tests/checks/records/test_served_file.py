from checks.records.served_file import served


def test_file_for_every_server() -> None:
    snippets = {snippet.platform: snippet for snippet in served("/.well-known/a.txt", ("One: 1", "Two: 2"))}
    assert list(snippets) == ["nginx", "apache", "iis", "caddy"]
    assert [snippet.place for snippet in snippets.values()] == [
        "https",
        "/.well-known/a.txt",
        "/.well-known/a.txt",
        "https",
    ]
    assert snippets["apache"].text == snippets["iis"].text == "One: 1\nTwo: 2\n"
    assert 'return 200 "One: 1\\nTwo: 2\\n";' in snippets["nginx"].text
    # A heredoc would not be understood by Caddy before 2.7.
    assert snippets["caddy"].text.endswith("respond /.well-known/a.txt `One: 1\nTwo: 2\n` 200")

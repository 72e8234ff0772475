import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.contract import Status
from checks.mail import spf, spf_all, spf_lookups
from checks.records.spf import is_spf, parse
from checks.records.spf_default import default
from checks.records.spf_repair import mend, merge, relieve, respelt
from checks.records.spf_tree import WALKED_BELOW, WALKED_TERMS, Node, State
from tests.checks.zone import DOMAIN, Zone, told, verdict

QUESTIONS = st.tuples(st.sampled_from(["a.fi", "b.fi", "c.fi", "x.fi", DOMAIN]), st.sampled_from(["TXT", "A", "MX"]))


def tree(zone: Zone, domain: str = DOMAIN) -> Node:
    return zone.spf(domain).root


def policies(**records: str) -> Zone:
    """Policies by first label; `example` is the domain's own."""
    zone = Zone()
    for label, record in records.items():
        zone.add(f"{label}.fi", "TXT", record)
    return zone


def test_every_term_that_asks_is_counted_and_no_other() -> None:
    zone = policies(example="v=spf1 a mx ptr exists:%{i}.x.fi include:a.fi ip4:192.0.2.1 ip6:2001:db8::1 -all exp=e.fi")
    zone.add("a.fi", "TXT", "v=spf1 a redirect=b.fi").add("b.fi", "TXT", "v=spf1 mx -all a")
    assert tree(zone).lookups == 8


def test_address_in_either_family_is_no_void_lookup() -> None:
    zone = policies(example="v=spf1 a:four.fi a:six.fi a:none.fi -all")
    zone.add("four.fi", "A", "192.0.2.1").add("six.fi", "AAAA", "2001:db8::1")
    assert tree(zone).voids == ("none.fi",)


def test_mail_servers_have_a_limit_of_their_own() -> None:
    zone = policies(example="v=spf1 mx -all").add(DOMAIN, "MX", *(f"10 m{count}.fi." for count in range(11)))
    assert tree(zone).branches[0].mail_hosts == 11
    assert tree(zone).lookups == 1


def test_name_that_depends_on_the_sender_costs_a_lookup_and_is_not_guessed() -> None:
    root = tree(policies(example="v=spf1 exists:%{i}._spf.fi include:%{l}.fi -all"))
    assert (root.lookups, root.voids, root.unanswered) == (2, (), ())


def test_macro_of_the_domain_is_followed() -> None:
    zone = policies(example="v=spf1 include:_spf.%{d} -all").add("_spf.example.fi", "TXT", "v=spf1 a:%{d} -all")
    assert [branch.name for branch in tree(zone).below()] == ["_spf.example.fi", "_spf.example.fi"]


def test_loop_ends_and_is_named() -> None:
    zone = policies(example="v=spf1 include:a.fi -all", a="v=spf1 include:b.fi", b="v=spf1 include:a.fi")
    assert [branch.loop for branch in tree(zone).below()] == [False, False, True]


def test_name_that_grows_with_each_step_ends_too() -> None:
    zone = Zone()
    for depth in range(60):
        zone.add("x." * depth + DOMAIN, "TXT", "v=spf1 include:x.%{d} -all")
    assert (tree(zone).lookups, tree(zone).complete) == (1 + WALKED_BELOW, False)


def test_explosion_of_includes_is_cut_off() -> None:
    zone = policies(example="v=spf1 include:a.fi include:b.fi -all")
    for here, there in zip("abcdefgh", "bcdefghi", strict=True):
        zone.add(f"{here}.fi", "TXT", f"v=spf1 include:{there}.fi include:{there}.fi include:{there}.fi")
    assert (tree(zone).lookups, tree(zone).complete) == (2 * (1 + WALKED_BELOW), False)


def test_endless_row_of_terms_is_cut_off_and_what_was_not_read_is_dropped() -> None:
    zone = policies(example="v=spf1" + "".join(f" a:h{n}.fi" for n in range(300)) + " -all")
    for count in range(300):
        zone.add(f"h{count}.fi", "A", "192.0.2.1")
    assert tree(zone).lookups == WALKED_TERMS
    assert relieve(tree(zone)).text == "v=spf1" + "".join(f" a:h{n}.fi" for n in range(15, 25)) + " ~all"


def test_branch_that_was_not_followed_to_its_end_is_never_kept() -> None:
    zone = policies(example="v=spf1 include:a.fi include:b.fi -all")
    zone.add("a.fi", "TXT", "v=spf1" + " a:h.fi" * 9 + " -all").add("b.fi", "TXT", "v=spf1" + " a:h.fi" * 40 + " -all")
    zone.add("h.fi", "A", "192.0.2.1")
    assert relieve(tree(zone)).text == "v=spf1 include:a.fi ~all"


TERMS = st.sampled_from(
    ["a", "mx", "ptr", "a:x.fi", "mx:x.fi", "exists:%{i}.x.fi", "include:a.fi", "include:b.fi", "include:%{d1}.fi",
     "?include:c.fi", "redirect=a.fi", "redirect=c.fi", "exp=x.fi", "-all", "+all", "?all", "foo", "a:x..fi"]
)  # fmt: skip
TXT = st.lists(TERMS, max_size=14).map(lambda terms: " ".join(["v=spf1", *terms])) | st.just("v=spf1mx") | st.text()


@given(st.dictionaries(st.sampled_from(["example", "a", "b", "c", "x"]), st.lists(TXT, max_size=2)), st.sets(QUESTIONS))
def test_any_web_of_records_is_judged_and_mended_fault_by_fault(
    records: dict[str, list[str]], silent: set[tuple[str, str]]
) -> None:
    zone = Zone(silent=silent).add(DOMAIN, "MX", "1 mx.fi.").add("mx.fi", "A", "192.0.2.1")
    for label, texts in records.items():
        zone.add(f"{label}.fi", "TXT", *texts)
    checks = (spf.CHECK, spf_lookups.CHECK, spf_all.CHECK)
    told_before: list[str] = []
    while faults := [found for check in checks if told(check, found := verdict(check, zone)).status is Status.FAIL]:
        told_before.append(faults[0].outcome.name)
        assert told_before.count(faults[0].outcome.name) == 1
        zone.apply(faults[0].records)


@pytest.mark.parametrize(
    ("target", "state"),
    [
        ("v=spf1 -all", State.VALID),
        ("v=spf1 foo", State.SYNTAX),
        ("something else", State.NONE),
    ],
)
def test_state_of_an_include(target: str, state: State) -> None:
    (branch,) = tree(policies(example="v=spf1 include:a.fi -all", a=target)).branches
    assert branch.node is not None
    assert branch.node.state is state


def test_timeout_is_not_absence() -> None:
    zone = Zone(silent={(DOMAIN, "TXT")})
    assert tree(zone).state is State.UNANSWERED


@pytest.mark.parametrize(
    ("record", "qualifier", "domain"),
    [
        ("v=spf1 a -all", "-", DOMAIN),
        ("v=spf1 a", None, DOMAIN),
        ("v=spf1 all -all", "+", DOMAIN),
        ("v=spf1 ip4:0.0.0.0/0 -all", "+", DOMAIN),
        ("v=spf1 a:host.fi/0 -all", "+", DOMAIN),
        ("v=spf1 a:gone.fi/0 -all", "-", DOMAIN),
        ("v=spf1 include:everybody.fi -all", "+", "everybody.fi"),
        ("v=spf1 -include:everybody.fi ?all", "-", "everybody.fi"),
        ("v=spf1 include:nobody.fi ~all", "~", DOMAIN),
        ("v=spf1 redirect=nobody.fi", "-", "nobody.fi"),
    ],
)
def test_default_for_strangers(record: str, qualifier: str | None, domain: str) -> None:
    zone = policies(example=record, everybody="v=spf1 +all", nobody="v=spf1 -all").add("host.fi", "A", "192.0.2.1")
    end = default(tree(zone))
    assert (end.qualifier, end.domain) == (qualifier, domain)


def test_one_include_that_is_enough_and_weighs_least_is_dropped() -> None:
    zone = (
        policies(
            example="v=spf1 include:big.fi include:small.fi include:tiny.fi -all",
            big="v=spf1 a:h.fi mx:h.fi a:h.fi a:h.fi a:h.fi a:h.fi -all",
            small="v=spf1 a:h.fi a:h.fi -all",
            tiny="v=spf1 ip4:192.0.2.1 -all",
        )
        .add("h.fi", "A", "192.0.2.1")
        .add("h.fi", "MX", "1 h.fi.")
    )
    root = tree(zone)
    assert root.lookups == 11
    assert relieve(root).text == "v=spf1 include:big.fi include:small.fi ~all"


def test_useless_terms_go_before_any_service_does() -> None:
    zone = policies(example="v=spf1 a mx a a:gone.fi include:a.fi -all", a="v=spf1" + " a:h.fi" * 7 + " -all")
    zone.add(DOMAIN, "A", "192.0.2.1").add(DOMAIN, "MX", "1 h.fi.").add("h.fi", "A", "192.0.2.1")
    relief = relieve(tree(zone))
    assert relief.text == "v=spf1 a mx include:a.fi -all"
    assert [term.text for term in relief.dropped] == ["a", "a:gone.fi"]


def test_redirect_that_is_dropped_leaves_an_end() -> None:
    zone = policies(example="v=spf1 mx redirect=a.fi", a="v=spf1" + " a:h.fi" * 11 + " -all")
    zone.add(DOMAIN, "MX", "1 h.fi.").add("h.fi", "A", "192.0.2.1")
    assert relieve(tree(zone)).text == "v=spf1 mx ~all"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("v=spf1 a:192.0.2.1 include: _spf.example.fi -all", "v=spf1 ip4:192.0.2.1 include:_spf.example.fi -all"),
        ("v=spf1 mx –all", "v=spf1 mx -all"),
        ("v=spf1 ipv4:192.0.2.1 ip4:2001:db8::1 -all.", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"),
        ("v=spf1 ip4:192.0.2.0/255.255.255.0 mx ~all", "v=spf1 ip4:192.0.2.0/24 mx ~all"),
        ("v=spf1 192.0.2.1, mx -all", "v=spf1 ip4:192.0.2.1 mx -all"),
        ("v=spf1 redirect:example.fi", "v=spf1 redirect=example.fi"),
        ("v=spf1 mx moo -all", "v=spf1 mx ~all"),
        ("v=spf1 moo -all", None),
    ],
)
def test_usual_slips_are_put_right(wrong: str, right: str | None) -> None:
    assert mend(wrong) == right


@pytest.mark.parametrize(
    ("meant", "right"),
    [
        ('"v=spf1 mx -all"', "v=spf1 mx -all"),
        ("v=spf1mx -all", "v=spf1 mx -all"),
        ("v = spf1 mx ~all", "v=spf1 mx ~all"),
        ("spf1 mx -all", "v=spf1 mx -all"),
        ("v=spfl mx -all", "v=spf1 mx -all"),
        ("spf2.0/pra mx -all", None),
        ("google-site-verification=abc", None),
    ],
)
def test_misspelt_version_is_recognised(meant: str, right: str | None) -> None:
    assert respelt(meant) == right


def test_merged_record_allows_what_each_allowed() -> None:
    merged = merge(["v=spf1 include:a.fi -all", "v=spf1 mx include:A.fi redirect=b.fi"])
    assert merged == "v=spf1 include:a.fi mx include:b.fi -all"
    assert merge(["v=spf1 a -all", "v=spf1 mx ~all"]) == "v=spf1 a mx ~all"


@given(st.text(alphabet="aimxspf146:/=.-~ 2%{}d") | st.text())
def test_whatever_is_mended_parses(text: str) -> None:
    fixed = mend(f"v=spf1 {text}")
    if fixed is not None:
        assert is_spf(fixed)
        parse(fixed)
    again = respelt(text)
    assert again is None or is_spf(again)

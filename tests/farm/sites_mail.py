"""Broken domains: mail, who may send it, and what becomes of forged mail."""

from cryptography.hazmat.primitives.asymmetric import ec

from tests.farm.authority import Certificate, tlsa
from tests.farm.mail import MailHost
from tests.farm.policies import PATH, STS, location_of, policy_for
from tests.farm.site import DMARC, Site, broken
from tests.farm.web import Web
from tests.farm.zones import txt

_ELEVEN_INCLUDES = f"v=spf1 {' '.join(f'include:spf{number}.farm.test' for number in range(1, 12))} -all"
_THREE_VOIDS = "v=spf1 a:no1.farm.test a:no2.farm.test a:no3.farm.test mx -all"

# Keys of which nobody has the private half: of 1024 bits, and of 768.
_DKIM_1024 = (
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDFeqC+RBeO4HVFBBXU+0rzCN+uwe31fXYU7UjFBo17jAiYzrgzEBx6tFw5k5XewU"
    "4UzwcICqisQ/KWuxgpKcwpl6bul1A/mSHMWfWDmWLDKNXofkDpmrne+AebddJLUTl8yGaZzU9+eh2dttxGTnVm4dOGG+sftKxE9iU3nGo00wIDAQAB"
)
_DKIM_768 = (
    "v=DKIM1; p=MGgCYQCXDy+4Aqt3Z0MQ4DEXJlhftjT2nR6smNxCMA0ggcF8y5sx/Rij8tJH7nd1BjRcZROcrSzIkMM9izIjaWZs"
    "MMWO3ApiKGRaGPdi9/PLE46OlLt8kTYK6pmByVCFvU8CIrUCAwEAAQ=="
)

_OWN_MAIL_SERVER = f"mail A {MailHost.GOOD.address}"
_FORMER_KEY = ec.generate_private_key(ec.SECP256R1())

_MOVED = f"location = {PATH} {{ return 301 https://www.farm.test/mta-sts.txt; }}"
_POLICY = policy_for((MailHost.GOOD.host,))


def _telling(policy: str) -> Web:
    return Web(https_lines=(location_of(policy),))


BROKEN: tuple[Site, ...] = (
    broken("mx-implicit", ("mail.mx", "implicit"), mx=()),
    broken(
        "mx-own-address",
        ("mail.mx", "implicit-server"),
        mx=(),
        spf=("v=spf1 a -all",),
        addresses=("198.18.1.25",),
        web=None,
    ),
    broken("mx-contradictory", ("mail.mx", "contradictory"), mx=("0 .", MailHost.GOOD.mx)),
    broken("mx-address", ("mail.mx", "target-is-address"), mx=("10 198.18.1.25.",)),
    broken("mx-gone", ("mail.mx", "unresolvable"), mx=(MailHost.GONE.mx,)),
    broken("mx-half-gone", ("mail.mx", "partly-unresolvable"), mx=(MailHost.GOOD.mx, MailHost.GONE.mx)),
    broken("mx-alias", ("mail.mx_alias", "alias"), mx=(MailHost.GOOD.mx, "20 mx-nick.farm.test.")),
    broken("no-starttls", ("mail.starttls", "not-offered"), mx=(MailHost.NO_STARTTLS.mx,)),
    broken("starttls-fails", ("mail.starttls", "offer-fails"), mx=(MailHost.BROKEN_STARTTLS.mx, "20 mx2.farm.test.")),
    broken(
        "dane-stale",
        ("mail.dane", "broken"),
        mx=("10 mail.dane-stale.test.",),
        records=(_OWN_MAIL_SERVER, f"_25._tcp.mail TLSA {tlsa(_FORMER_KEY)}"),
    ),
    broken(
        "dane-unusable",
        ("mail.dane", "unusable"),
        mx=("10 mail.dane-unusable.test.",),
        records=(_OWN_MAIL_SERVER, f"_25._tcp.mail TLSA {tlsa().replace('3', '1', 1)}"),
    ),
    broken("mx-self-signed", ("mail.mx_certificate", "untrusted"), mx=(MailHost.SELF_SIGNED.mx,)),
    broken("mx-expired", ("mail.mx_certificate", "out-of-date"), mx=(MailHost.EXPIRED.mx,)),
    broken("mx-other-name", ("mail.mx_certificate", "wrong-name"), mx=(MailHost.OTHER_NAME.mx,)),
    # Who may insist that it is encrypted
    broken("sts-absent", ("mail.mta_sts", "absent"), mta_sts=(), policy="none", tls_rpt=()),
    broken("sts-record", ("mail.mta_sts", "record-invalid"), mta_sts=("v=STSv1; id=2026-11-23",)),
    broken("sts-two", ("mail.mta_sts", "record-invalid"), mta_sts=(STS, "v=STSv1; id=1")),
    broken("sts-page", ("mail.mta_sts", "policy-missing"), policy="own"),
    broken("sts-moved", ("mail.mta_sts", "policy-missing"), policy="own", web=Web(https_lines=(_MOVED,))),
    broken(
        "sts-certificate",
        ("mail.mta_sts", "policy-untrusted"),
        policy="own",
        web=Web(
            Certificate(names=("sts-certificate.test", "www.sts-certificate.test")), https_lines=(location_of(_POLICY),)
        ),
    ),
    broken(
        "sts-misspelt",
        ("mail.mta_sts", "policy-malformed"),
        policy="own",
        web=_telling(_POLICY.replace("mx:", "mx =")),
    ),
    broken("sts-others", ("mail.mta_sts", "no-server-named"), policy="own", web=_telling(policy_for(("mx.old.test",)))),
    broken(
        "sts-half",
        ("mail.mta_sts", "some-not-named"),
        mx=(MailHost.GOOD.mx, "20 mx2.farm.test."),
        policy="own",
        web=_telling(_POLICY),
    ),
    broken("tls-rpt-absent", ("mail.tls_rpt", "absent"), tls_rpt=()),
    broken("tls-rpt-invalid", ("mail.tls_rpt", "invalid"), tls_rpt=("v=TLSRPTv1; rua=tls@tls-rpt-invalid.test",)),
    broken(
        "tls-rpt-nobody-there",
        ("mail.tls_rpt", "not-taken"),
        tls_rpt=("v=TLSRPTv1; rua=mailto:tls@nobox.farm.test,https://reports.farm.test/",),
    ),
    # Who may send it
    broken("spf-absent", ("mail.spf", "absent"), spf=()),
    broken("spf-unused", ("mail.spf", "absent-unused"), mx=("0 .",), spf=()),
    broken("spf-misspelt", ("mail.spf", "misspelt"), spf=("v=spf mx -all",)),
    broken("spf-two", ("mail.spf", "several"), spf=("v=spf1 mx -all", "v=spf1 a -all")),
    broken("spf-syntax", ("mail.spf", "syntax-error"), spf=("v=spf1 mx ipv4:198.18.1.25 -all",)),
    broken("spf-include", ("mail.spf", "include-broken"), spf=("v=spf1 include:www.farm.test mx -all",)),
    broken("spf-lookups", ("mail.spf_lookups", "too-many"), spf=(_ELEVEN_INCLUDES,)),
    broken("spf-loop", ("mail.spf_lookups", "loop"), spf=("v=spf1 mx include:spf-loop.test -all",)),
    broken("spf-many-mx", ("mail.spf_lookups", "too-many-mail-servers"), spf=("v=spf1 mx:many.farm.test -all",)),
    broken("spf-void", ("mail.spf_lookups", "too-many-void"), spf=(_THREE_VOIDS,)),
    broken("spf-plus-all", ("mail.spf_all", "anyone"), spf=("v=spf1 mx +all",)),
    broken("spf-neutral-all", ("mail.spf_all", "neutral"), spf=("v=spf1 mx ?all",)),
    broken("spf-no-all", ("mail.spf_all", "missing"), spf=("v=spf1 mx",)),
    broken("dkim-broken", ("mail.dkim", "broken"), dkim=False, records=('default._domainkey TXT "v=DKIM1; p=MIIB!"',)),
    broken("dkim-weak", ("mail.dkim_key", "weak"), records=(f"k1._domainkey TXT {txt(_DKIM_768)}",)),
    broken("dkim-short", ("mail.dkim_key", "short"), records=(f"k1._domainkey TXT {txt(_DKIM_1024)}",)),
    # What becomes of forged mail
    broken("dmarc-absent", ("mail.dmarc", "absent"), dmarc=()),
    broken("dmarc-no-inbox", ("mail.dmarc", "absent-no-inbox"), dmarc=(), mx=("0 .",), spf=("v=spf1 a -all",)),
    broken("dmarc-unused", ("mail.dmarc", "absent-unused"), dmarc=(), mx=("0 .",), spf=("v=spf1 -all",)),
    broken("dmarc-two", ("mail.dmarc", "several"), dmarc=(DMARC, DMARC.replace("reject", "quarantine"))),
    broken("dmarc-invalid", ("mail.dmarc", "invalid"), dmarc=("v=DMARC1; p=refuse",)),
    broken("dmarc-misplaced", ("mail.dmarc", "misplaced"), dmarc=(), records=(f'@ TXT "{DMARC}"',)),
    broken("dmarc-none", ("mail.dmarc_policy", "none"), dmarc=(DMARC.replace("reject", "none"),)),
    broken("dmarc-testing", ("mail.dmarc_policy", "test-mode"), dmarc=(f"{DMARC}; t=y",)),
    broken("dmarc-partly", ("mail.dmarc_policy", "partly"), dmarc=(f"{DMARC}; pct=25",)),
    broken("dmarc-subdomains", ("mail.dmarc_policy", "weaker-subdomains"), dmarc=(f"{DMARC}; sp=none",)),
    broken("dmarc-no-reports", ("mail.dmarc_reporting", "absent"), dmarc=("v=DMARC1; p=reject; adkim=s",)),
    broken(
        "dmarc-no-mailto",
        ("mail.dmarc_reporting", "malformed"),
        dmarc=("v=DMARC1; p=reject; rua=dmarc@dmarc-no-mailto.test,mailto:dmarc@farm.test; adkim=s",),
    ),
    broken(
        "dmarc-stranger",
        ("mail.dmarc_reporting", "not-allowed"),
        dmarc=("v=DMARC1; p=reject; rua=mailto:dmarc@kahvila.test,mailto:dmarc@farm.test",),
    ),
    broken(
        "dmarc-nobody-there",
        ("mail.dmarc_reporting", "not-taken"),
        dmarc=("v=DMARC1; p=reject; rua=mailto:dmarc@nobox.farm.test,mailto:dmarc@farm.test",),
    ),
    broken(
        "dmarc-none-unused",
        ("mail.dmarc_policy", "none-unused"),
        dmarc=(DMARC.replace("reject", "none"),),
        mx=("0 .",),
        spf=("v=spf1 -all",),
    ),
)

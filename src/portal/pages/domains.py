"""What somebody typed as a domain: the one they mean, or in words why it cannot be checked."""

from portal.pages.page import words


def meant(domain: str) -> str:
    """Whoever types the website's address means the company's domain, under which the mail is as well."""
    rest = domain.removeprefix("www.")
    return rest if "." in rest else domain


def reason(code: str, language: str) -> str:
    """Why it cannot be checked: a code of `UnusableDomainError`, or `shared` for a domain that thousands share."""
    tell = words(language)
    return {
        "not-a-domain": tell("This does not look like a domain. Type it like kahvila.fi, without spaces."),
        "ip-address": tell("This is an address in numbers. Type the domain, like kahvila.fi."),
        "single-label": tell("The ending is missing. Type the whole domain, like kahvila.fi."),
        "shared": tell("Many companies share this domain, so it tells nothing about yours. Type one of your own."),
    }[code]

"""What announces a policy for mail to the domain, and what is served in its place (RFC 8461)."""

from datetime import datetime

from msgspec import Struct

from checks.contract import Outcome
from checks.evidence.lookups import Answer, HostAddresses
from checks.evidence.web import Visit


class MtaSts(Struct, frozen=True):
    """The TXT answer at `_mta-sts`, the addresses of the policy's host, and a visit to the policy at each of them.

    There are visits only where a record means to announce a policy and the domain takes mail; redirects are not
    followed (section 3.3). `unseen` says why no address could be visited. `seen_at` is aware UTC. `website_of`: whose
    shared web servers the domain's own website stands on, where that was looked for (there is no host for a policy
    yet) and is known: such a service tells no policy for its customers.
    """

    record: Answer
    host: HostAddresses
    visits: tuple[Visit, ...]
    seen_at: datetime
    unseen: Outcome | None = None
    website_of: str | None = None

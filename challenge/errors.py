"""What can go wrong in the competition, in its own words; pages translate these."""


class ChallengeError(Exception):
    """The root of the competition's errors."""

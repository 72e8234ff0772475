"""A firm's answers: which questions they are asked, what they come to, and what to do about it. No web here."""

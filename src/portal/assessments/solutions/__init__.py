"""Solutions that cities awarded: which gaps they close, what they cost, and until when we tell of them."""

"""What every request passes: who asks, session, forms' protection, headers, errors."""

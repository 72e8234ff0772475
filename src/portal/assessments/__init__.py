"""Assessments: a domain submitted, checked in the background, and its report."""

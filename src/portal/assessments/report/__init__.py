"""The report: a letter to the owner, the plan, a letter for each helper, dates, and the technical annex.

One source: the page and the PDF are made of the same values (`telling`) by the same partials (`templates/report/`).
"""

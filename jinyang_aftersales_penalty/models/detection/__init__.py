"""Cases found once a day in documents of the service.

Uses the subjects before it.
Order: the search before the extensions of the documents it searches.
"""

from . import aftersales_penalty_detection, recounting, detection_documents, res_company

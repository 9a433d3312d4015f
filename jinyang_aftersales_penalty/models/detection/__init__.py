"""Cases found once a day in documents of the service.

Uses the subjects before it.
Order: the search first; the documents it looks at follow.
"""

from . import aftersales_penalty_detection, detection_documents, aftersales_job

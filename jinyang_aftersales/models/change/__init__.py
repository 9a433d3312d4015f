"""Program changes: need, promise, development, tests, update, the customer's opinion.

Uses the subjects before it.
Order: the request and its tests, then who may write what, then the steps as they happen.
"""

from . import (
    res_company_change,
    aftersales_change_request,
    aftersales_change_test,
    guard,
    steps,
    deploying,
    change_promise,
    mail,
    change_paper,
    change_portal,
    change_links,
)

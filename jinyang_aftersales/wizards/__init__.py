from . import (
    company,
    portal,
    deadline,
    approval,
    archive,
    customer,
    agreement,
    notice,
    callback,
    visit,
    change,
    complaint,
)

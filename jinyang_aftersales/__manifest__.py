{
    "name": "Jinyang After-Sales Service",
    "summary": "Installed software, service contracts and renewal notices for software resellers",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Jinyang",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_mgmt",
        "contract",
        "hr",
        "calendar",
        "portal",
        "report_xlsx",
    ],
    "data": [
        "security/res_groups.xml",
    ],
    "application": True,
}

"""External ids of the groups that code checks; their rights are defined in ``security/``."""

# users of the company, in any role or none
INTERNAL = "base.group_user"
# common part of all roles: they read customers' software, notices and call-backs
READERS = "jinyang_aftersales.group_reader"
# service managers; directors are members, too
MANAGERS = "jinyang_aftersales.group_manager"
DIRECTORS = "jinyang_aftersales.group_director"
CALLERS = "jinyang_aftersales.group_callback"
# customers' software specialists; service managers are members, too
SPECIALISTS = "jinyang_aftersales.group_user"
DEVELOPERS = "jinyang_aftersales.group_developer"
ARCHIVISTS = "jinyang_aftersales.group_archivist"
# accounting is no role of the service, but the invoices of agreements are its work
ACCOUNTANTS = "account.group_account_invoice"

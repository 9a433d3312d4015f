"""External ids of the groups that code asks for; what each may do is in ``security/``."""

# what every role may read: customers' software, notices, call-backs
READERS = "jinyang_aftersales.group_reader"
# service managers, directors among them
MANAGERS = "jinyang_aftersales.group_manager"
DIRECTORS = "jinyang_aftersales.group_director"
CALLERS = "jinyang_aftersales.group_callback"
# customers' software specialists, and all who serve customers
SPECIALISTS = "jinyang_aftersales.group_user"
DEVELOPERS = "jinyang_aftersales.group_developer"

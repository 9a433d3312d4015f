from . import contract_account
from . import customer_portal
from . import helpdesk_account
from . import helpdesk_main
from . import mail
from . import portal_base
from . import installation_portal

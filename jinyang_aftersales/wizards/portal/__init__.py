from . import portal_share, portal_wizard

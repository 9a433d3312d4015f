from odoo.tests import tagged

from .. import common
from .settings_common import SettingsChecks


@tagged("post_install", "-at_install")
class TestSettingsScreens(SettingsChecks, common.AftersalesCommon):
    """Both screens show the one list of settings."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.jinyang_aftersales.tests.house import test_person_fields


@tagged("post_install", "-at_install")
class TestPenaltyPersonFields(test_person_fields.PersonChecks, TransactionCase):
    """The person concerned by a case is a fact, no role."""

    addon_name = "jinyang_aftersales_penalty"

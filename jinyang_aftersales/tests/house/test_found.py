from odoo.tests import tagged

from . import found_common, guard_common


@tagged("post_install", "-at_install")
class TestFound(guard_common.CoreExamples, found_common.FoundChecks):
    """Everything is found by what it shows as its name, pasted and imported, too."""

    @classmethod
    def make_aftersales_approval(cls):
        visit = cls.get_example("aftersales.visit")
        document = {
            "res_model": visit._name,
            "res_id": visit.id,
            "partner_id": visit.partner_id.id,
        }
        cls.given = {**cls.given, "aftersales.approval": document}
        return cls.make_example("aftersales.approval")

from odoo.tests import tagged

from . import guard_common, text_common


@tagged("post_install", "-at_install")
class TestTexts(text_common.TextChecks, guard_common.GuardWalk):
    given = {
        "aftersales.visit": {"address": "Nanjing"},
        "aftersales.callback": {"kind": "renewal"},
    }

    @classmethod
    def setUpExamples(cls):
        cls.examples["hr.employee"] = cls.env["hr.employee"].create(
            {"name": "Worker", "company_id": cls.company.id}
        )

    @classmethod
    def make_aftersales_installation(cls):
        return cls.make_installation(cls.customer)

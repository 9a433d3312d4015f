from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDependencies(TransactionCase):
    def test_core_never_depends_on_payroll(self):
        """The core addon can be installed without payroll."""
        core = self.env["ir.module.module"].search([("name", "=", "jinyang_aftersales")])
        self.assertEqual(core.state, "installed")
        self.assertNotIn(
            "payroll", core.upstream_dependencies(exclude_states=("uninstallable",)).mapped("name")
        )

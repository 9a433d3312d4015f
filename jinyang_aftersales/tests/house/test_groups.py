from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestGroups(TransactionCase):
    def test_director_is_a_manager_is_a_specialist_is_a_helpdesk_user(self):
        user = new_test_user(self.env, "d", groups="jinyang_aftersales.group_director")
        for group in (
            "jinyang_aftersales.group_manager",
            "jinyang_aftersales.group_user",
            "helpdesk_mgmt.group_helpdesk_manager",
        ):
            self.assertTrue(user.has_group(group), group)

    def test_call_back_specialist_archivist_and_developer_do_not_get_the_helpdesk(self):
        for name in ("callback", "archivist", "developer"):
            user = new_test_user(self.env, name, groups=f"jinyang_aftersales.group_{name}")
            self.assertTrue(user._is_internal())
            self.assertFalse(user.has_group("helpdesk_mgmt.group_helpdesk_user_own"), name)

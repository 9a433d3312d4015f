"""One app: who has a role begins on the home page, and finds everything in its menus."""

from odoo.tests import HttpCase, tagged

from ...hooks import begin_weeks_on_monday, uninstall_hook
from ..common import AftersalesCommon, load_migration

HOME = "jinyang_aftersales.home_action"
MIGRATION = "19.0.4.0.0/post-home.py"
ROOT = "helpdesk_mgmt.helpdesk_ticket_main_menu"


@tagged("post_install", "-at_install")
class TestLanding(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref(HOME)

    def menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return {menu.get("xmlid"): menu for menu in menus.values()}

    def test_who_is_given_a_role_begins_on_the_home_page(self):
        group = self.env.ref("jinyang_aftersales.group_archivist")
        user = self.make_user("beginner", "base.group_user")
        self.assertFalse(user.action_id)
        user.group_ids += group
        self.assertEqual(user.action_id.id, self.action.id)
        user.group_ids -= group
        self.assertFalse(user.action_id, "without a role there is no such page")
        self.assertEqual(
            self.make_user("second", "account.group_account_invoice").action_id.id, self.action.id
        )

    def test_role_given_on_the_group_counts_as_well(self):
        group = self.env.ref("jinyang_aftersales.group_callback")
        user = self.make_user("beginner", "base.group_user")
        group.user_ids += user
        self.assertEqual(user.action_id.id, self.action.id)
        group.user_ids -= user
        self.assertFalse(user.action_id)

    def test_page_somebody_has_chosen_stays(self):
        chosen = self.env.ref("base.action_res_users")
        user = self.make_user("chooser", "base.group_user", action_id=chosen.id)
        user.group_ids += self.env.ref("jinyang_aftersales.group_user")
        self.assertEqual(user.action_id.id, chosen.id)
        user.group_ids -= self.env.ref("jinyang_aftersales.group_user")
        self.assertEqual(user.action_id.id, chosen.id)

    def test_customers_do_not_begin_there(self):
        user = self.make_user("customer", "base.group_portal")
        self.assertFalse(user.action_id)

    def test_who_has_a_role_gets_no_digest(self):
        digest = self.env["digest.digest"].create({"name": "D"})
        user = self.make_user("reader", "base.group_user")
        digest.user_ids = user
        user.group_ids += self.env.ref("jinyang_aftersales.group_developer")
        self.assertFalse(digest.user_ids)
        digest.user_ids = user
        user.name = "Other"
        self.assertEqual(digest.user_ids, user, "who subscribes again stays")

    def test_update_lets_users_with_a_role_begin_on_the_home_page(self):
        chosen = self.env.ref("base.action_res_users")
        digest = self.env["digest.digest"].create({"name": "D"})
        users = self.specialist | self.director | self.accountant | self.employee
        users.action_id = False
        self.manager.action_id = chosen.id
        digest.user_ids = users
        lang = self.env.ref("base.lang_zh_CN")
        lang.week_start = "7"
        self.env.flush_all()
        load_migration(MIGRATION).migrate(self.cr, "19.0.3.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.specialist.action_id.id, self.action.id)
        self.assertEqual(self.director.action_id.id, self.action.id)
        self.assertEqual(self.accountant.action_id.id, self.action.id)
        self.assertFalse(self.employee.action_id)
        self.assertEqual(self.manager.action_id.id, chosen.id)
        self.assertEqual(digest.user_ids, self.employee)
        self.assertEqual(lang.week_start, "1")

    def test_chinese_week_begins_on_monday_unless_another_day_was_chosen(self):
        lang = self.env.ref("base.lang_zh_CN")
        self.assertEqual(lang.week_start, "1")
        for before, after in (("6", "6"), ("7", "1")):
            lang.week_start = before
            begin_weeks_on_monday(self.env)
            self.assertEqual(lang.week_start, after)

    def test_uninstallation_takes_the_home_page_back(self):
        chosen = self.env.ref("base.action_res_users")
        self.manager.action_id = chosen.id
        self.archivist.active = False
        uninstall_hook(self.env)
        self.assertFalse(self.specialist.action_id)
        self.assertFalse(self.archivist.action_id)
        self.assertEqual(self.manager.action_id.id, chosen.id)

    def test_helpdesk_has_no_app_of_its_own_for_our_roles(self):
        for user in (self.director, self.manager, self.specialist):
            self.assertNotIn(ROOT, self.menus(user))
        other = self.make_user("other", "helpdesk_mgmt.group_helpdesk_manager")
        self.assertIn(ROOT, self.menus(other))

    def test_our_menus_hold_what_the_helpdesk_offers(self):
        menus = self.env["ir.ui.menu"].search([("id", "child_of", self.env.ref(ROOT).id)])
        groups = "jinyang_aftersales.group_director,base.group_system"
        ours = self.menus(self.make_user("administrator", groups)).values()
        root = self.env.ref("jinyang_aftersales.menu_root")
        offered = {menu["action_id"] for menu in ours if menu.get("app_id") == root.id}
        dashboard = self.env.ref("helpdesk_mgmt.helpdesk_ticket_dashboard_action")
        for menu in menus.filtered("action"):
            if menu.action != dashboard:
                with self.subTest(menu=menu.name):
                    self.assertIn(menu.action.id, offered)

    def test_app_opens_on_the_home_page_for_each_role(self):
        for user in (
            self.director,
            self.manager,
            self.specialist,
            self.callback,
            self.archivist,
            self.developer,
            self.accountant,
        ):
            menus = self.menus(user)
            with self.subTest(user=user.name):
                root = menus["jinyang_aftersales.menu_root"]
                self.assertEqual(root["children"][0], menus["jinyang_aftersales.menu_home"]["id"])
        self.assertNotIn("jinyang_aftersales.menu_root", self.menus(self.employee))
        # accounting has its own part of the app, and not that of the service
        names = {menu["id"]: name for name, menu in self.menus(self.accountant).items() if name}
        root = self.menus(self.accountant)["jinyang_aftersales.menu_root"]
        self.assertEqual(
            {names[number] for number in root["children"]},
            {"jinyang_aftersales.menu_home", "jinyang_aftersales.menu_receivable"},
        )


@tagged("post_install", "-at_install")
class TestDashboard(HttpCase, AftersalesCommon):
    def load(self, action):
        return self.make_jsonrpc_request("/web/action/load", {"action_id": action})

    def test_link_to_the_dashboard_opens_the_home_page(self):
        dashboard = self.env.ref("helpdesk_mgmt.helpdesk_ticket_dashboard_action")
        self.manager.password = "manager-password"
        self.authenticate(self.manager.login, "manager-password")
        for link in (
            dashboard.id,
            dashboard.path,
            "helpdesk_mgmt.helpdesk_ticket_dashboard_action",
        ):
            self.assertEqual(self.load(link)["tag"], "aftersales_home")
        tickets = self.env.ref("helpdesk_mgmt.helpdesk_ticket_action")
        self.assertEqual(self.load(tickets.id)["res_model"], "helpdesk.ticket")

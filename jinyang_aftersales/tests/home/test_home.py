"""Each number of the home page is that of the list it opens, in one request and a dozen queries."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.home.values import ALL, LATE, ROLES
from .home_common import HomeCommon
from .home_facts import HomeFacts

QUERIES = 12
# invoices come from signed agreements; see the test of them
INVOICES = {"invoices_unpaid", "invoices_owed", "invoices_draft", "invoices_to_dispatch"}


@tagged("post_install", "-at_install")
class TestHomeNumbers(HomeFacts, HomeCommon):
    def test_number_is_that_of_the_list_with_no_one_and_thirty_records(self):
        for role in ROLES:
            cards = {card.code: card for card in self.home(role)._get_cards(role)}
            facts = self.get_facts(role)
            own = {code for code, card in cards.items() if card.model.startswith("aftersales.pen")}
            other = {"own_sanctions", "sanctions_proposed", "fund_balance"}
            self.assertEqual(set(facts), set(cards) - INVOICES - own - other, role)
            for code, (model, values, linked) in facts.items():
                for number in (1, 29):
                    with self.subTest(role=role, card=code, number=number):
                        before = self.read_cards(role)[code]
                        self.put(model, number, linked, **values)
                        self.check_card(role, code, cards[code], before, number)

    def check_card(self, role, code, card, before, number):
        """The card counts so many rows more, and each of its numbers is that of its list."""
        after = self.read_cards(role)[code]
        unit = 100.25 if card.measure else 1
        self.assertAlmostEqual(after["value"] - before["value"], number * unit)
        self.assertAlmostEqual(self.count_list(role, code), after["value"])
        if card.late is not None:
            self.assertAlmostEqual(after["late"] - before["late"], number * unit)
            self.assertAlmostEqual(self.count_list(role, code, LATE), after["late"])

    def test_empty_page_leads_to_empty_lists(self):
        for role in ROLES:
            user = self.make_user(f"new_{role}", ROLES[role])
            for code, card in self.read_cards(role, user).items():
                with self.subTest(role=role, card=code):
                    self.assertAlmostEqual(self.count_list(role, code, user=user), card["value"])
                    if card["late"] is not False:
                        self.assertAlmostEqual(
                            self.count_list(role, code, LATE, user=user), card["late"]
                        )

    def test_number_of_a_former_month_is_that_of_its_list(self):
        last, year = self.months(1, True), self.months(12, True)
        for moment, key in ((last, "last"), (year, "year")):
            model, values, linked = self.ticket(create_date=moment)
            before = {
                row["key"]: row for row in self.read_cards("director")["month_tickets"]["earlier"]
            }
            self.put(model, 3, linked, **values)
            card = self.read_cards("director")["month_tickets"]
            after = {row["key"]: row for row in card["earlier"]}
            self.assertEqual(after[key]["value"] - before[key]["value"], 3)
            self.assertEqual(self.count_list("director", "month_tickets", key), after[key]["value"])

    def test_number_of_a_person_is_that_of_their_list(self):
        for person, number in ((self.specialist, 3), (self.colleague, 2)):
            model, values, linked = self.ticket(last_worked_on=self.moment(-40), user_id=person.id)
            self.put(model, number, linked, **values)
        people = self.home("manager").get_page("manager")["people"]
        column = [column["code"] for column in people["columns"]].index("team_forgotten")
        rows = {row["person"]: row for row in people["rows"]}
        for person, number in ((self.specialist, 3), (self.colleague, 2)):
            self.assertEqual(rows[person.id]["name"], person.name)
            self.assertEqual(rows[person.id]["cells"][column], number)
            found = self.count_list("manager", "team_forgotten", person=person.id)
            self.assertEqual(found, number)

    def test_duplicates_and_cancelled_tickets_are_not_counted(self):
        cancelled = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        model, facts, linked = self.ticket()
        first = self.put(model, 1, linked, **facts)
        before = self.read_cards("director")["month_tickets"]["value"]
        for values in ({"duplicate_id": first.id}, {"stage_id": cancelled.id}):
            model, facts, linked = self.ticket(create_date=self.months(0, True), **values)
            self.put(model, 1, linked, **facts)
        self.assertEqual(self.read_cards("director")["month_tickets"]["value"], before)

    def test_invoices_of_agreements_are_those_of_the_list(self):
        before = self.read_cards("accountant")
        for _number in range(2):
            agreement = self.make_agreement(signed=True)
            agreement.invoice_ids.invoice_date_due = self.days(-1)
        self.pay(agreement, 250.0)
        after = self.read_cards("accountant")
        self.assertEqual(after["invoices_unpaid"]["value"] - before["invoices_unpaid"]["value"], 2)
        self.assertEqual(after["invoices_unpaid"]["late"] - before["invoices_unpaid"]["late"], 2)
        self.assertAlmostEqual(
            after["invoices_owed"]["value"] - before["invoices_owed"]["value"], 1750.0
        )
        difference = (
            after["invoices_to_dispatch"]["value"] - before["invoices_to_dispatch"]["value"]
        )
        self.assertEqual(difference, 2)
        for code in INVOICES:
            self.assertAlmostEqual(self.count_list("accountant", code), after[code]["value"])
        for code in ("invoices_unpaid", "invoices_owed"):
            self.assertAlmostEqual(self.count_list("accountant", code, LATE), after[code]["late"])


@tagged("post_install", "-at_install")
class TestHome(HomeFacts, HomeCommon):
    def test_page_costs_a_dozen_queries_whatever_the_size(self):
        for role in ROLES:
            for number in (1, 30):
                for code, (model, values, linked) in self.get_facts(role).items():
                    if code != "reviews":
                        self.put(model, number, linked, **values)
                with self.subTest(role=role, number=number):
                    home = self.home(role)
                    home.get_page(role)
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.cr.sql_log_count
                    home.get_page(role)
                    self.assertLessEqual(self.cr.sql_log_count - before, QUERIES)

    def test_visits_of_today_and_tomorrow_stand_with_telephone_and_address(self):
        for start in (-1, 0, 1, 2):
            model, values, linked = self.visit(
                "approved",
                date_planned_start=self.moment(start),
                date_planned_end=self.moment(start, 12),
                address="珞瑜路\n1 号",
                contact_id=self.customer.software_contact_id.id,
            )
            self.put(model, 1, linked, **values)
        self.customer.software_contact_id.phone = "027-8765 4321"
        visits = self.home("specialist").get_page("specialist")["visits"]
        self.assertEqual([visit["is_today"] for visit in visits], [True, False])
        self.assertEqual({visit["phone"] for visit in visits}, {"027-8765 4321"})
        self.assertEqual({visit["address"] for visit in visits}, {"珞瑜路 1 号"})
        self.assertEqual({visit["customer"] for visit in visits}, {"Alpha"})
        self.assertFalse(self.home("manager").get_page("manager")["visits"])

    def test_nobody_reads_the_page_of_a_role_they_do_not_have(self):
        for role in ("director", "manager", "callback", "accountant"):
            home = self.home("specialist")
            for call in (
                lambda home=home, role=role: home.get_page(role),
                lambda home=home, role=role: home.open_card(role, "approvals"),
                lambda home=home: home.open_setting("regulation"),
            ):
                with self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            self.home("specialist", self.employee).get_page()
        with self.assertRaises(AccessError):
            self.home("specialist").open_card("specialist", "approvals")
        with self.assertRaises(AccessError):
            # no figure of this card is counted by person
            self.home("specialist").open_card("specialist", "tickets_open", ALL, self.manager.id)

    def test_highest_role_is_shown_first_and_the_others_as_tabs(self):
        page = self.home("director").get_page()
        self.assertEqual(page["role"], "director")
        roles = [role["code"] for role in page["roles"]]
        self.assertEqual(roles, ["director", "manager", "specialist"])
        self.assertEqual(self.home("specialist").get_page()["role"], "specialist")

    def test_figures_are_those_of_records_in_reach(self):
        # the wall: a complaint is hidden from the person it is about
        before = self.read_cards("manager")["complaints_open"]["value"]
        model, values, linked = self.complaint(concerned_user_id=self.manager.id)
        self.put(model, 2, linked, **values)
        self.assertEqual(self.read_cards("manager")["complaints_open"]["value"], before)
        model, values, linked = self.ticket(company_id=self.make_company().id)
        before = self.read_cards("manager")["team_open"]["value"]
        self.put(model, 2, linked, **values)
        self.assertEqual(self.read_cards("manager")["team_open"]["value"], before)

    def test_list_of_a_number_has_no_filter_of_its_own(self):
        action = self.home("manager").open_card("manager", "questions_open")
        self.assertNotIn("search_default_open_questions", action["context"])
        self.assertTrue(action["context"]["search_disable_custom_filters"])

    def test_working_days_that_change_change_what_is_forgotten(self):
        day = self.company._aftersales_previous_working_day(self.today, 3)
        start = self.company._aftersales_moment(day, 0)
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": start,
                "date_to": self.company._aftersales_moment(day, 23.5),
            }
        )
        self.assertLess(self.company._aftersales_previous_working_day(self.today, 3), day)
        leave.unlink()
        self.assertEqual(self.company._aftersales_previous_working_day(self.today, 3), day)


@tagged("post_install", "-at_install")
class TestMissingSettings(HomeCommon):
    def missing(self, role="manager", user=None):
        page = self.home(role, user).get_page(role)
        return {setting["code"]: setting for setting in page["missing"]}

    def test_missing_settings_are_shown_until_they_are_done(self):
        company = self.company
        company.partner_id.write({"email": False, "street": False})
        company.alias_domain_id = False
        missing = self.missing()
        for code in ("alias_domain", "company_email", "letterhead", "routine_calls", "regulation"):
            self.assertIn(code, missing)
        company.alias_domain_id = self.env["mail.alias.domain"].create({"name": "x.example"})
        company.partner_id.write({"email": "x@x.example", "street": "Road", "phone": "1"})
        company.aftersales_callback_interval_days = 90
        missing = self.missing("director")
        for code in ("alias_domain", "company_email", "letterhead", "routine_calls"):
            self.assertNotIn(code, missing)

    def test_years_without_holidays_are_missing(self):
        code = f"holidays_{self.today.year}"
        self.assertNotIn(code, self.missing())
        rows = self.env["aftersales.holiday.year"].search([("company_id", "=", self.company.id)])
        rows._write_unlocked({"no_holidays": False})
        self.assertIn(code, self.missing())
        action = self.home("manager").open_setting(code)
        self.assertEqual(action["context"]["default_year"], self.today.year)

    def test_role_nobody_has_is_missing(self):
        self.assertNotIn("role_archivist", self.missing())
        self.archivist.active = False
        self.assertIn("role_archivist", self.missing())

    def test_what_only_administrators_set_is_said_so(self):
        self.archivist.active = False
        self.assertFalse(self.missing()["role_archivist"]["can_open"])
        self.assertTrue(self.missing()["routine_calls"]["can_open"])
        groups = "jinyang_aftersales.group_director,base.group_system"
        administrator = self.make_user("administrator", groups)
        self.assertTrue(self.missing("director", administrator)["role_archivist"]["can_open"])

    def test_each_missing_setting_leads_to_a_window(self):
        self.company.alias_domain_id = False
        self.archivist.active = False
        groups = "jinyang_aftersales.group_director,base.group_system"
        home = self.home("director", self.make_user("administrator", groups))
        for code in self.missing():
            with self.subTest(code=code):
                action = home.open_setting(code)
                self.assertEqual(action["type"], "ir.actions.act_window")
                self.assertTrue(home.env[action["res_model"]].has_access("read"))

    def test_other_roles_see_nothing_of_it(self):
        self.assertFalse(self.missing("specialist"))
        self.assertFalse(self.missing("archivist"))

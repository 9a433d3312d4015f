from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .takeover_common import TakeoverCommon

PRODUCT = "启擎财务 标准版"
TODAY = date(2026, 11, 30)
HEAD = (
    "客户名称",
    "联系人",
    "邮箱",
    "软件名称",
    "序列号",
    "安装日期",
    "服务开始日期",
    "服务到期日期",
)
AGREEMENTS = (
    "合同编号",
    "客户名称",
    "软件名称",
    "序列号",
    "合同开始日期",
    "合同结束日期",
    "签订日期",
    "合同金额",
    "是否付款",
    "付款日期",
)
TICKETS = (
    "工单编号",
    "受理日期",
    "客户名称",
    "联系人",
    "联系电话",
    "软件名称",
    "问题描述",
    "处理人",
    "状态",
)


@tagged("post_install", "-at_install")
class TestTakeoverSilence(TakeoverCommon):
    """Until a director presses Go live nothing comes from what was taken over, and afterwards nothing of before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time("2026-11-30 02:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.company.aftersales_callback_interval_days = 90
        cls.company.email = "service@jinyang.example.cn"
        cls.company.aftersales_callback_user_id = cls.callback
        cls.notices = cls.env["aftersales.renewal.notice"]
        cls.calls = cls.env["aftersales.callback"]

    def take_ledger(self, *ends):
        """Take over one customer for each end of service."""
        rows = [
            (
                f"杭州第{at}商贸有限公司",
                f"联系人{at}",
                f"c{at}@example.cn",
                PRODUCT,
                f"JY-{at}",
                "2024-01-05",
                "2025-01-01",
                end,
            )
            for at, end in enumerate(ends)
        ]
        self.import_file(self.make_xlsx(HEAD, *rows))
        return self.env["aftersales.installation"].search(
            [("serial_number", "in", [row[4] for row in rows])]
        )

    def run_job(self, day=TODAY):
        """The steps that make something of customers and software; returns new notices and calls."""
        before = self.notices.search([]), self.calls.search([])
        self.notices._create_due(self.company, day)
        self.calls._create_routine(self.company, day)
        return self.notices.search([]) - before[0], self.calls.search([]) - before[1]

    def go_live(self, letters="told", user=None):
        dialog = self.env["aftersales.takeover.live"].with_user(user or self.director)
        return dialog.create({"letters": letters})

    def test_nothing_comes_from_it_before_going_live(self):
        software = self.take_ledger("2026-12-15", "2026-11-01", "2027-06-30")
        self.assertEqual(set(software.mapped("taken_over_on")), {TODAY})
        for day in (0, 30, 60, 200):
            self.assertFalse(any(self.run_job(TODAY + timedelta(days=day))))

    def test_what_was_made_here_goes_on_as_before(self):
        own = self.make_installation(end=date(2026, 12, 15), installation_date="2024-01-05")
        self.take_ledger("2026-12-15")
        notices, calls = self.run_job()
        self.assertEqual(notices.installation_ids, own)
        self.assertEqual(
            calls.filtered(lambda call: call.kind == "routine").partner_id, own.partner_id
        )

    def test_only_a_director_goes_live_and_once(self):
        self.take_ledger("2026-12-15")
        with self.assertRaises(AccessError):
            self.go_live(user=self.manager)
        self.go_live().action_go_live()
        self.assertEqual(self.company.aftersales_live_on, TODAY)
        with self.assertRaises(UserError):
            self.go_live().action_go_live()

    def test_directors_are_reminded_to_go_live_on_their_home_page(self):
        def codes(user):
            home = self.env["aftersales.home"].with_user(user)
            return [row["code"] for row in home._prepare_missing("director")]

        self.assertNotIn("go_live", codes(self.director))
        self.take_ledger("2026-12-15")
        self.assertIn("go_live", codes(self.director))
        self.assertNotIn("go_live", codes(self.manager))
        self.go_live().action_go_live()
        self.assertNotIn("go_live", codes(self.director))

    def test_where_nothing_was_taken_over_there_is_nothing_to_begin(self):
        with self.assertRaises(UserError):
            self.go_live().action_go_live()

    def test_the_button_says_what_follows(self):
        self.take_ledger("2026-12-15", "2026-12-20", "2026-10-01", "2027-06-30")
        dialog = self.go_live()
        self.assertEqual((dialog.letter_count, dialog.call_count, dialog.software_count), (2, 4, 4))

    def test_told_customers_get_no_letter_and_later_ones_get_theirs(self):
        self.take_ledger("2026-12-15", "2027-01-15", "2026-11-15")
        self.go_live().action_go_live()
        self.assertFalse(self.run_job()[0])
        notices = self.run_job(date(2026, 12, 15))[0]
        self.assertEqual(notices.mapped("term_end"), [date(2027, 1, 15)])

    def test_letters_that_are_due_are_sent_or_printed_when_the_director_says_so(self):
        for letters, state in (("send", "pending"), ("print", "print")):
            with self.subTest(letters=letters):
                software = self.take_ledger("2026-12-15", "2026-12-16")
                dialog = self.go_live(letters)
                self.assertEqual(dialog.letter_count, 2)
                dialog.action_go_live()
                notices = self.notices.search([("installation_ids", "in", software.ids)])
                self.assertEqual(notices.mapped("state"), [state] * 2)
                # the calls about them are not all on one day
                self.assertEqual(len(set(notices.callback_ids.mapped("due_date"))), 2)
                self.assertFalse(self.run_job()[0])
            self.company._write_unlocked({"aftersales_live_on": False})
            notices.callback_ids._write_unlocked({"notice_id": False})
            notices._unlink_unlocked()

    def test_routine_calls_are_spread_over_the_interval(self):
        self.take_ledger(*(["2027-06-30"] * 30))
        self.go_live().action_go_live()
        days = []
        for day in range(95):
            calls = self.run_job(TODAY + timedelta(days=day))[1]
            days += [day] * len(calls.filtered(lambda call: call.kind == "routine"))
        self.assertEqual(len(days), 30)
        self.assertLess(max(map(days.count, days)), 3)
        self.assertGreaterEqual(min(days), 0)

    def test_what_is_taken_over_later_owes_nothing_of_before_either(self):
        self.take_ledger("2027-06-30")
        self.go_live().action_go_live()
        with freeze_time("2027-03-01 02:00:00"):
            row = (
                "宁波后来机电有限公司",
                "赵六",
                "z@example.cn",
                PRODUCT,
                "JY-9",
                "2024-01-05",
                "2025-01-01",
                "2027-03-15",
            )
            self.import_file(self.make_xlsx(HEAD, row))
            notices, calls = self.run_job(date(2027, 3, 1))
            customer = self.find_customer("宁波后来机电有限公司")
            self.assertNotIn(customer, notices.partner_id)
            self.assertNotIn(
                customer,
                calls.filtered(
                    lambda call: call.cycle_date and call.cycle_date < date(2027, 3, 1)
                ).partner_id,
            )

    # === Agreements === #

    def take_agreements(self, *rows):
        return self.import_file(self.make_xlsx(AGREEMENTS, *rows), "agreements.xlsx")

    AGREEMENT = (
        "FW2026-001",
        "杭州甲商贸有限公司",
        PRODUCT,
        "JY-1",
        "2026-01-01",
        "2026-12-31",
        "2025-12-20",
        1200,
        "是",
        "2025-12-30",
    )

    def test_a_paid_agreement_is_taken_over_as_signed_with_its_period_and_no_invoice(self):
        takeover = self.take_agreements(self.AGREEMENT)
        self.assertEqual((takeover.kind, takeover.count_new), ("agreements", 1))
        agreement = self.env["contract.contract"].search([("name", "=", "FW2026-001")])
        self.assertEqual((agreement.agreement_state, agreement.taken_over_on), ("active", TODAY))
        self.assertFalse(agreement.invoice_ids)
        self.assertEqual(agreement.paid_on, date(2025, 12, 30))
        software = agreement.installation_ids
        self.assertEqual(
            (software.service_date_start, software.service_date_end),
            (date(2026, 1, 1), date(2026, 12, 31)),
        )
        # nobody is sent for a new serial number
        self.assertEqual(software.serial_state, "valid")
        self.assertFalse(software.activity_ids)
        self.assertFalse(self.run_job()[0])

    def test_an_agreement_once_more_changes_nothing_and_a_payment_that_came_in_does(self):
        unpaid = (*self.AGREEMENT[:8], "否", "")
        self.take_agreements(unpaid)
        agreement = self.env["contract.contract"].search([("name", "=", "FW2026-001")])
        self.assertFalse(agreement.installation_ids.service_date_end)
        self.assertEqual(self.take_agreements(unpaid).count_same, 1)
        self.assertEqual(self.take_agreements(self.AGREEMENT).count_changed, 1)
        self.assertEqual(agreement.installation_ids.service_date_end, date(2026, 12, 31))
        self.assertEqual(self.take_agreements(self.AGREEMENT).count_same, 1)
        wrong = ("FW2026-001", *self.AGREEMENT[1:5], "2027-12-31", *self.AGREEMENT[6:])
        takeover = self.start(self.make_xlsx(AGREEMENTS, wrong), "agreements.xlsx")
        takeover.action_check()
        self.assertEqual(takeover.count_refused, 1)

    def test_the_day_of_payment_is_not_invented(self):
        self.take_agreements((*self.AGREEMENT[:9], ""))
        agreement = self.env["contract.contract"].search([("name", "=", "FW2026-001")])
        self.assertFalse(agreement.paid_on)
        self.assertEqual(agreement.installation_ids.service_date_end, date(2026, 12, 31))
        agreement._sync_payment()
        self.assertEqual(agreement.installation_ids.service_date_end, date(2026, 12, 31))

    def test_an_agreement_has_a_row_for_each_software(self):
        other = self.make_software("金洋出纳通")
        rows = (self.AGREEMENT, (*self.AGREEMENT[:2], other.name, "JY-2", *self.AGREEMENT[4:]))
        self.take_agreements(*rows)
        agreement = self.env["contract.contract"].search([("name", "=", "FW2026-001")])
        self.assertEqual(len(agreement.installation_ids), 2)
        self.assertEqual(sum(agreement.contract_line_ids.mapped("price_unit")), 2400)

    # === Tickets === #

    TICKET = (
        "GD-1",
        "2026-11-02",
        "杭州甲商贸有限公司",
        "张三",
        "13800001234",
        PRODUCT,
        "凭证断号",
        "Specialist",
        "处理中",
    )

    def take_tickets(self, *rows):
        return self.import_file(self.make_xlsx(TICKETS, *rows), "tickets.xlsx")

    def test_open_tickets_come_in_once_and_closed_ones_not_at_all(self):
        rows = (self.TICKET, ("GD-2", *self.TICKET[1:8], "已完成"))
        takeover = self.take_tickets(*rows)
        self.assertEqual((takeover.count_new, takeover.count_refused), (1, 1))
        ticket = self.env["helpdesk.ticket"].search([("former_number", "=", "GD-1")])
        self.assertEqual(
            (ticket.user_id, ticket.reported_on, ticket.contact_id.name),
            (self.specialist, date(2026, 11, 2), "张三"),
        )
        ticket.user_id = self.colleague
        again = self.take_tickets(*rows)
        self.assertEqual(again.count_same, 1)
        self.assertEqual(ticket.user_id, self.colleague)

    def test_a_ticket_that_was_taken_over_sends_no_mail_and_has_no_deadline_before_going_live(self):
        self.take_tickets(self.TICKET)
        ticket = self.env["helpdesk.ticket"].search([("former_number", "=", "GD-1")])
        ticket.partner_id.email = "a@example.cn"
        before = self.env["mail.mail"].search_count([])
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        self.env.cr.precommit.run()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        ticket._write_unlocked({"service_done_on": "2026-11-30 01:00:00"})
        deadline = ticket._find_deadline("record", self.company)
        later = date(2026, 12, 10)
        self.assertTrue(ticket.record_due_date)
        self.assertNotIn(ticket.id, ticket._find_untold(self.company, later, deadline, None))
        with freeze_time("2026-12-05 02:00:00"):
            self.go_live().action_go_live()
        self.assertNotIn(ticket.id, ticket._find_untold(self.company, later, deadline, None))
        self.company._write_unlocked({"aftersales_live_on": ticket.record_due_date})
        self.assertIn(ticket.id, ticket._find_untold(self.company, later, deadline, None))

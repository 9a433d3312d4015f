from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.sql_db import Cursor
from odoo.tests import Form, freeze_time, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestTicket(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.served = cls.make_customer("服务期内客户")
        cls.current = cls.make_installation(
            cls.served,
            serial_number="IN-1",
            service_date_start=date(2026, 1, 1),
            service_date_end=date(2026, 12, 31),
        )
        cls.lapsed = cls.make_customer("过期客户")
        cls.old = cls.make_installation(
            cls.lapsed,
            serial_number="OUT-1",
            service_date_start=date(2025, 1, 1),
            service_date_end=date(2025, 12, 31),
        )

    def ticket(self, **vals):
        return self.env["helpdesk.ticket"].create({"name": "打不开", "description": "x", **vals})

    def test_a_ticket_of_a_customer_out_of_service_is_chargeable(self):
        self.assertTrue(self.ticket(partner_id=self.lapsed.id).chargeable)
        self.assertTrue(
            self.ticket(partner_id=self.lapsed.id, installation_id=self.old.id).chargeable
        )
        self.assertFalse(self.ticket(partner_id=self.served.id).chargeable)
        self.assertFalse(self.ticket(partner_id=self.make_customer("新客户").id).chargeable)
        self.assertFalse(self.ticket().chargeable)

    def test_the_installation_decides_when_a_customer_has_several(self):
        ended = self.make_installation(
            self.served, service_date_start=date(2025, 1, 1), service_date_end=date(2025, 6, 30)
        )
        ticket = self.ticket(partner_id=self.served.id, installation_id=ended.id)
        self.assertTrue(ticket.chargeable)
        self.assertEqual(ticket.service_state, "expired")

    def test_what_was_decided_stays_when_the_customer_renews_later(self):
        ticket = self.ticket(partner_id=self.lapsed.id)
        self.assertTrue(ticket.chargeable)
        self.old._change_period(date(2025, 1, 1), date(2027, 1, 1), "renewed")
        self.assertEqual(ticket.service_state, "in_service")
        self.assertTrue(ticket.chargeable)
        ticket.chargeable = False
        self.assertFalse(ticket.chargeable)

    def test_charge_stays_while_customer_and_software_stay(self):
        colleague = self.env["res.partner"].create({"name": "王丽", "parent_id": self.lapsed.id})
        decided = self.ticket(partner_id=self.lapsed.id, installation_id=self.old.id)
        decided.with_user(self.manager).chargeable = False
        marked = self.ticket(partner_id=self.lapsed.id, installation_id=self.old.id)
        self.assertTrue(marked.chargeable)
        self.old._change_period(date(2025, 1, 1), date(2027, 1, 1), "renewed")
        tickets = (decided | marked).with_user(self.specialist)
        for values in (
            {"partner_id": self.lapsed.id},
            {"installation_id": self.old.id},
            {"partner_id": colleague.id},
            {"partner_id": self.lapsed.id, "installation_id": self.old.id, "chargeable": True},
            {"partner_id": colleague.id, "chargeable": False},
        ):
            with self.subTest(values=values):
                tickets.write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(tickets.mapped("chargeable"), [False, True])
                self.assertEqual(tickets.sudo().installation_id, self.old)
        with self.assertRaisesRegex(AccessError, "service manager decides"):
            tickets[1].chargeable = False

    def test_another_customer_or_software_decides_the_charge_anew(self):
        ended = self.make_installation(
            self.served, service_date_start=date(2025, 1, 1), service_date_end=date(2025, 6, 30)
        )
        ticket = self.ticket(partner_id=self.lapsed.id).with_user(self.specialist)
        ticket.with_user(self.manager).chargeable = False
        ticket.write({"partner_id": self.served.id, "chargeable": True})
        self.assertFalse(ticket.chargeable, "what a form proposed is ignored")
        ticket.installation_id = ended
        self.assertTrue(ticket.chargeable)
        ticket.write({"installation_id": self.current.id, "chargeable": True})
        self.assertFalse(ticket.chargeable)
        ticket.write({"partner_id": self.lapsed.id, "installation_id": False})
        self.assertTrue(ticket.chargeable)
        ticket.with_user(self.manager).write({"partner_id": self.served.id, "chargeable": True})
        self.assertTrue(ticket.chargeable, "the manager's decision")

    def test_another_customer_empties_the_installation(self):
        ticket = self.ticket(partner_id=self.served.id, installation_id=self.current.id)
        ticket.partner_id = self.lapsed
        self.assertFalse(ticket.installation_id)

    def test_the_contact_brings_the_software_of_the_company(self):
        contact = self.env["res.partner"].create({"name": "王丽", "parent_id": self.lapsed.id})
        ticket = self.ticket(partner_id=contact.id)
        self.assertTrue(ticket.chargeable)
        self.assertEqual(ticket.service_date_end, date(2025, 12, 31))

    def test_serial_is_shown_and_tickets_are_counted_on_the_installation(self):
        ticket = self.ticket(partner_id=self.served.id, installation_id=self.current.id)
        self.assertEqual(ticket.serial_number, "IN-1")
        self.assertEqual(self.current.ticket_count, 1)
        action = self.current.action_view_tickets()
        self.assertEqual(self.env["helpdesk.ticket"].search(action["domain"]), ticket)

    def test_a_helpdesk_user_without_our_groups_still_works(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        model = self.env["helpdesk.ticket"].with_user(helpdesk)
        form = Form(model)
        form.name = "打印机"
        form.description = "x"
        form.partner_id = self.lapsed
        ticket = form.save()
        self.assertTrue(ticket.chargeable)
        ticket.write({"name": "打印机卡纸", "user_id": helpdesk.id})
        ticket.write(
            {
                "category_id": self.env.ref("jinyang_aftersales.helpdesk_ticket_category_other").id,
                "contact_id": self.lapsed.child_ids.id,
                "department": "财务部",
                "solution": "换纸",
            }
        )
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        with self.assertRaises(AccessError):
            ticket.read(["installation_id"])

    def test_a_specialist_sees_the_banner_fields_in_the_form(self):
        form = Form(self.env["helpdesk.ticket"].with_user(self.specialist))
        form.name = "x"
        form.description = "x"
        form.partner_id = self.lapsed
        self.assertEqual(form.service_state, "expired")
        self.assertTrue(form.chargeable)

    def test_creating_a_ticket_costs_one_query_more_than_without_us(self):
        model = self.env["helpdesk.ticket"].with_user(self.specialist)
        execute, queries = Cursor.execute, []

        def record(cursor, query, *args, **kwargs):
            queries.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        def create(number):
            self.env.flush_all()
            self.env.invalidate_all()
            queries.clear()
            model.create(
                [
                    {"name": "t", "description": "x", "partner_id": self.lapsed.id}
                    for _number in range(number)
                ]
            )
            self.env.flush_all()
            # our addons add one query, for the service periods of all customers of the batch
            self.assertEqual(len([query for query in queries if 'FROM "aftersales_' in query]), 1)
            return len(queries)

        with patch.object(Cursor, "execute", record):
            create(1)
            one, eleven = create(1), create(11)
        # further tickets only cost queries of helpdesk_mgmt
        self.assertLessEqual(one, 23)
        self.assertLessEqual(eleven - one, 10 * 9)

    def test_a_ticket_being_written_has_no_name_yet(self):
        self.assertFalse(self.env["helpdesk.ticket"].new({}).display_name)
        ticket = self.ticket()
        self.assertEqual(ticket.display_name, f"{ticket.number} - 打不开")

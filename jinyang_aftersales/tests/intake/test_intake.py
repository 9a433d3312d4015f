"""The telephone intake finds whoever calls, and shows of them what the user may see."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ...models.intake.values import guess
from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestIntake(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("绵阳新华印务有限公司", contact=False, city="绵阳")
        cls.anna, cls.bob = cls.env["res.partner"].create(
            [
                {"name": "王芳", "phone": "138 1234 5678", "department": "财务科"},
                {"name": "李四", "landline": "0816-2345678", "qq_number": "987654321"},
            ]
        )
        (cls.anna + cls.bob).parent_id = cls.customer
        cls.customer.software_contact_id = cls.anna
        cls.installation = cls.make_installation(
            cls.customer,
            serial="JY-8899-77",
            end=cls.company._aftersales_today() + timedelta(days=200),
        )

    def find(self, text, user=None):
        answer = self.env["aftersales.intake"].with_user(user or self.specialist).find_callers(text)
        return answer["hits"]

    def card(self, user=None, customer=None, **options):
        intake = self.env["aftersales.intake"].with_user(user or self.specialist)
        # as a request of its own
        self.env.invalidate_all()
        return intake.get_card((customer or self.customer).id, **options)

    # === Finding === #

    def test_anything_a_caller_says_finds_the_customer(self):
        for text in (
            *("13812345678", "+86 138 1234 5678", "5678", "0816-2345678", "2345678"),
            *(
                "新华印务",
                "绵阳新华印务有限公司",
                "王芳",
                "987654321",
                "jy889977",
                "JY-8899-77",
                "XHYW",
            ),
        ):
            with self.subTest(text=text):
                self.assertEqual([hit["id"] for hit in self.find(text)], self.customer.ids)

    def test_a_contact_who_is_found_is_the_caller(self):
        for text, contact in (("13812345678", self.anna), ("李四", self.bob)):
            (hit,) = self.find(text)
            self.assertEqual((hit["contact_id"], hit["contact"]), (contact.id, contact.name))

    def test_a_customer_with_several_contacts_found_is_one_line(self):
        self.anna.name = "新华王芳"
        (hit,) = self.find("新华")
        self.assertEqual(hit["name"], "绵阳新华印务有限公司")

    def test_the_number_of_a_document_finds_its_customer(self):
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "打印", "description": "x", "partner_id": self.customer.id}
        )
        (hit,) = self.find(ticket.number.lower())
        self.assertEqual((hit["id"], hit["why"]), (self.customer.id, ticket.number))

    def test_one_sign_finds_nothing(self):
        self.assertEqual(self.find("王"), [])

    def test_an_empty_box_shows_with_whom_one_has_spoken_lately(self):
        self.assertEqual(self.find(" "), [])
        other = self.make_customer(contact=False)
        intake = self.env["aftersales.intake"].with_user(self.specialist)
        intake.note_call(other.id, "问发票", "k")
        self.env["helpdesk.ticket"].with_user(self.specialist).create(
            {"name": "打印", "description": "x", "partner_id": self.customer.id}
        )
        self.assertEqual({hit["id"] for hit in self.find("")}, {self.customer.id, other.id})
        self.assertEqual(self.find("", self.colleague), [])

    def test_colleagues_and_our_own_company_are_no_callers(self):
        self.colleague.partner_id.phone = "13700000000"
        worker = self.env["hr.employee"].create({"name": "某工人"})
        worker.work_contact_id.phone = "13700000000"
        self.company.partner_id.phone = "13700000000"
        self.assertEqual(self.find("13700000000"), [])
        for partner in (self.colleague.partner_id, self.company.partner_id):
            with self.assertRaises(AccessError):
                self.card(customer=partner)

    def test_who_takes_no_calls_finds_nobody(self):
        intake = self.env["aftersales.intake"]
        for user in (self.archivist, self.developer, self.employee, self.accountant):
            with self.assertRaises(AccessError):
                intake.with_user(user).find_callers("新华")
            with self.assertRaises(AccessError):
                intake.with_user(user).get_card(self.customer.id)

    def test_the_number_of_hits_is_limited_and_says_so(self):
        for number in range(12):
            self.make_customer(f"成都软件{number:02}有限公司", contact=False)
        answer = self.env["aftersales.intake"].with_user(self.specialist).find_callers("成都软件")
        self.assertEqual((len(answer["hits"]), answer["more"]), (8, True))

    # === The card === #

    def test_the_card_says_what_one_has_to_know(self):
        card = self.card()
        self.assertEqual(card["state"], "in_service")
        self.assertEqual(card["end"], self.company._say_day(self.installation.service_date_end))
        self.assertEqual(card["specialist"], self.specialist.name)
        (software,) = card["software"]
        self.assertEqual(software["serial"], "JY-8899-77")
        self.assertEqual(card["installation_id"], self.installation.id)
        self.assertEqual([row["name"] for row in card["people"]], ["王芳", "李四"])
        self.assertEqual(
            card["documents"], ["ticket", "visit", "change", "application", "complaint"]
        )

    def test_the_caller_is_recognised_by_the_number(self):
        for text, contact in (
            ("138-1234-5678", self.anna),
            ("08162345678", self.bob),
            # nobody is recognised: the person in charge of the software is proposed
            ("新华", self.anna),
        ):
            self.assertEqual(self.card(text=text)["contact_id"], contact.id, text)
        self.assertEqual(self.card(contact_id=self.bob.id)["contact_id"], self.bob.id)
        self.assertEqual(self.card(customer=self.bob)["contact_id"], self.bob.id)

    def test_the_serial_that_was_typed_chooses_the_software(self):
        other = self.make_installation(self.customer, serial="JY-0001")
        self.assertFalse(self.card()["installation_id"])
        self.assertEqual(self.card(text="jy0001")["installation_id"], other.id)

    def test_what_is_owed_is_shown_to_who_may_know(self):
        agreement = self.make_agreement(self.installation, signed=True)
        self.assertTrue(agreement)
        self.assertIn("1,000", self.card()["owed"]["text"])
        self.assertIn("1,000", self.card(self.manager)["owed"]["text"])
        for user in (self.colleague, self.callback):
            self.assertFalse(self.card(user)["owed"], user.name)

    def test_open_complaints_are_shown_through_the_wall_only(self):
        complaint = self.env["aftersales.complaint"].create(
            {
                "partner_id": self.customer.id,
                "kind": "attitude",
                "description": "态度差",
                "employee_id": self.env["hr.employee"]
                .create({"name": "李伟", "user_id": self.specialist.id})
                .id,
            }
        )
        self.assertEqual(self.card()["complaints"], [])
        (row,) = self.card(self.manager)["complaints"]
        self.assertEqual(row["id"], complaint.id)
        self.assertNotIn("态度差", str(self.card()))

    def test_the_last_three_contacts_are_tickets_and_notes_the_newest_first(self):
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "打印不了", "description": "x", "partner_id": self.customer.id}
        )
        self.assertEqual([row["id"] for row in self.card()["tickets"]], ticket.ids)
        intake = self.env["aftersales.intake"].with_user(self.callback)
        for number in range(3):
            intake.note_call(self.customer.id, f"问发票 {number}", f"key{number}", self.bob.id)
        last = self.card()["contacts"]
        self.assertEqual(len(last), 3)
        self.assertIn("问发票 2", last[0]["text"])
        self.assertEqual(last[0]["who"], self.callback.name)

    def test_a_customer_of_another_company_of_ours_has_no_card(self):
        self.customer.company_id = self.make_company()
        with self.assertRaises(AccessError):
            self.card()

    def test_a_search_and_a_card_take_few_queries(self):
        """The number does not grow with what a customer has."""
        intake = self.env["aftersales.intake"].with_user(self.specialist)
        counts = []
        for _round in range(2):
            for number in range(5):
                self.make_installation(self.customer)
                self.env["helpdesk.ticket"].create(
                    {"name": f"第{number}", "description": "x", "partner_id": self.customer.id}
                )
                self.env["res.partner"].create(
                    {"name": f"某{number}", "parent_id": self.customer.id}
                )
            counts.append([])
            for call, args in (
                (intake.find_callers, "新华印务"),
                (intake.get_card, self.customer.id),
            ):
                call(args)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                call(args)
                counts[-1].append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        search, card = counts[0]
        self.assertLessEqual(search, 14)
        self.assertLessEqual(card, 45)

    # === What is made of the call === #

    def open(self, code, user=None, **options):
        intake = self.env["aftersales.intake"].with_user(user or self.specialist)
        action = intake.open_document(code, self.customer.id, **options)
        model = self.env[action["res_model"]].with_user(user or self.specialist)
        return model.with_context(**action["context"])

    def test_a_ticket_knows_channel_customer_caller_software_and_who_serves(self):
        tickets = self.open("ticket", contact_id=self.bob.id, installation_id=self.installation.id)
        ticket = tickets.create({"name": "打印不了", "description": "打印不了"})
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.contact_id, self.bob)
        self.assertEqual(ticket.installation_id, self.installation)
        self.assertEqual(ticket.user_id, self.specialist)
        self.assertEqual(
            ticket.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        )

    def test_other_documents_know_customer_caller_and_software(self):
        for code in ("visit", "change", "application", "complaint"):
            model = self.open(code, contact_id=self.bob.id, installation_id=self.installation.id)
            values = model.default_get(["partner_id", "contact_id", "installation_id"])
            self.assertEqual(values["partner_id"], self.customer.id, code)
            self.assertEqual(values["contact_id"], self.bob.id, code)
            if code != "complaint":
                self.assertEqual(values["installation_id"], self.installation.id, code)

    def test_what_a_user_may_not_create_is_not_offered_and_not_opened(self):
        self.assertEqual(self.card(self.callback)["documents"], ["complaint"])
        with self.assertRaises(AccessError):
            self.open("ticket", self.callback)

    # === A new customer begins with what was typed === #

    def test_what_was_typed_goes_where_it_belongs(self):
        for text, place in (
            ("13812345678", ("phone", "13812345678")),
            ("+86 138-1234-5678", ("phone", "13812345678")),
            ("0816-2345678", ("landline", "0816-2345678")),
            ("987654321", ("qq", "987654321")),
            ("JY-2026-0001", ("serial", "JY-2026-0001")),
            ("王芳", ("contact", "王芳")),
            ("欧阳小明", ("contact", "欧阳小明")),
            ("王会计", ("contact", "王会计")),
            ("成都新锐", ("name", "成都新锐")),
            ("新华厂", ("name", "新华厂")),
            ("绵阳新华印务", ("name", "绵阳新华印务")),
        ):
            self.assertEqual(guess(text), place, text)


@tagged("post_install", "-at_install")
class TestIntakeButton(AftersalesCommon, HttpCase):
    def test_the_bar_knows_who_takes_calls(self):
        for user, takes in (
            (self.specialist, True),
            (self.callback, True),
            (self.archivist, False),
        ):
            self.authenticate(user.login, user.login)
            info = self.make_jsonrpc_request("/web/session/get_session_info", {})
            self.assertEqual(info["aftersales_takes_calls"], takes, user.name)

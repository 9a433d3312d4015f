from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestAgreementRenewal(AftersalesCommon):
    """One click makes the agreement for the next term."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.first, cls.second = (
            cls.make_installation(cls.customer, cls.make_software()) for _number in range(2)
        )
        cls.agreement = cls.make_agreement(
            cls.first | cls.second,
            start=cls.day("2025-07-01"),
            end=cls.day("2026-06-30"),
            price=1200,
            signed=True,
        )
        cls.mine = cls.agreement.with_user(cls.specialist)

    def renew(self, agreement):
        action = agreement.action_renew()
        return self.env["contract.contract"].browse(action["res_id"])

    def test_the_successor_says_the_same_for_the_next_term(self):
        self.agreement.contract_line_ids[0]._write_unlocked({"discount": 10, "quantity": 2})
        renewal = self.renew(self.mine)
        self.assertRecordValues(
            renewal,
            [
                {
                    "is_service_agreement": True,
                    "agreement_stage": "draft",
                    "renewal_of_id": self.agreement.id,
                    "partner_id": self.customer.id,
                    "product_line_id": self.line.id,
                    "term_start": self.day("2026-07-01"),
                    "term_end": self.day("2027-06-30"),
                    "signed_on": False,
                    "paid_on": False,
                    "agreement_amount": 2160,
                }
            ],
        )
        self.assertNotEqual(renewal.name, self.agreement.name)
        self.assertEqual(renewal.installation_ids, self.first | self.second)
        for name in ("product_id", "name", "quantity", "price_unit", "discount", "uom_id"):
            self.assertEqual(
                renewal.contract_line_ids.mapped(name),
                self.agreement.contract_line_ids.mapped(name),
                name,
            )
        self.assertEqual(
            set(renewal.contract_line_ids.mapped("date_end")), {self.day("2027-06-30")}
        )
        self.assertEqual(self.agreement.renewal_count, 1)
        self.sign(renewal)
        self.assertEqual(renewal.invoice_ids.amount_total, 2160)

    def test_a_second_click_opens_the_first_renewal(self):
        renewal = self.renew(self.mine)
        self.assertEqual(self.renew(self.mine), renewal)
        self.fax(renewal)
        self.assertEqual(self.renew(self.mine), renewal)
        self.sign(renewal)
        self.assertEqual(self.renew(self.mine), renewal)
        self.assertEqual(self.agreement.renewal_ids, renewal)

    def test_a_lost_renewal_makes_way_for_another(self):
        lost = self.renew(self.mine)
        lost.action_lose("too expensive")
        renewal = self.renew(self.mine)
        self.assertNotEqual(renewal, lost)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            lost.action_draft()

    def test_two_tabs_make_one_renewal(self):
        self.renew(self.mine)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.agreement._renew()

    def test_what_was_never_signed_has_no_next_term(self):
        draft = self.make_agreement()
        for prepare in (
            lambda: None,
            lambda: self.fax(draft),
            lambda: draft.action_lose("x"),
        ):
            prepare()
            with self.assertRaisesRegex(UserError, "never signed"):
                draft.action_renew()

    def test_a_lapsed_customer_begins_where_the_old_term_ended(self):
        with freeze_time("2027-03-01 04:00:00"):
            renewal = self.renew(self.mine)
            self.assertEqual(renewal.term_start, self.day("2026-07-01"))
            # terms negotiated with the customer are entered before it is sent
            renewal.with_user(self.specialist).write(
                {"term_start": "2027-03-01", "term_end": "2028-02-29"}
            )
            self.assertEqual(renewal.term_anchor, self.day("2027-03-01"))
            self.sign(renewal)
            self.pay(renewal)
        self.assertEqual(self.first.service_date_end, self.day("2028-02-29"))
        self.assertEqual(self.renew(renewal).term_start, self.day("2028-03-01"))

    def test_a_chain_begun_on_29_february_comes_back_to_it(self):
        agreement = self.make_agreement(
            start=self.day("2020-02-29"), end=self.day("2021-02-27"), signed=True
        )
        starts = []
        for _turn in range(4):
            agreement = self.renew(agreement)
            starts.append(agreement.term_start.isoformat())
            self.sign(agreement)
        self.assertEqual(starts, ["2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"])
        self.assertEqual(agreement.term_anchor, self.day("2020-02-29"))

    def test_software_no_longer_used_is_left_out(self):
        self.second.active = False
        self.assertEqual(self.renew(self.mine).installation_ids, self.first)

    def test_the_specialist_now_in_charge_gets_it(self):
        self.customer.service_user_id = self.colleague
        self.assertEqual(self.renew(self.mine).user_id, self.colleague)
        self.customer.service_user_id = False
        other = self.make_agreement(user_id=self.colleague.id, signed=True)
        other.partner_id.service_user_id = False
        self.assertEqual(self.renew(other).user_id, self.colleague)

    def test_sections_and_notes_come_along(self):
        agreement = self.make_agreement()
        agreement.contract_line_ids = [
            Command.create({"name": "Part A", "display_type": "line_section", "sequence": 1})
        ]
        self.sign(agreement)
        renewal = self.renew(agreement)
        self.assertEqual(renewal.contract_line_ids.mapped("display_type"), ["line_section", False])
        self.sign(renewal)

    def test_after_the_old_invoice_was_deleted(self):
        """The contract addon could neither copy nor invoice such a contract any more."""
        self.agreement.invoice_ids.button_draft()
        self.agreement.invoice_ids.unlink()
        renewal = self.renew(self.mine)
        self.sign(renewal)
        self.assertEqual(renewal.invoice_ids.amount_total, 1200)

    def test_a_renewal_stays_with_customer_and_product_line(self):
        for values in (
            {"partner_id": self.make_customer().id, "installation_ids": False},
            {
                "product_line_id": self.line.copy({"name": "Other"}).id,
                "installation_ids": False,
            },
        ):
            renewal = self.renew(self.mine)
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                renewal.write(values)

    # From the software

    def test_software_without_agreement_gets_one_after_its_first_period(self):
        software = self.make_installation(self.customer, end=self.day("2026-08-31"))
        software.product_id.list_price = 680
        action = software.with_user(self.specialist).action_create_agreement()
        agreement = self.env["contract.contract"].browse(action["res_id"])
        self.assertRecordValues(
            agreement,
            [
                {
                    "agreement_stage": "draft",
                    "installation_ids": software.ids,
                    "user_id": self.specialist.id,
                    "product_line_id": self.line.id,
                    "term_start": self.day("2026-09-01"),
                    "term_end": self.day("2027-08-31"),
                    "agreement_amount": 680,
                }
            ],
        )
        # a second click opens it
        again = software.with_user(self.specialist).action_create_agreement()
        self.assertEqual(again["res_id"], agreement.id)
        self.fax(agreement)
        again = software.with_user(self.specialist).action_create_agreement()
        self.assertEqual(again["res_id"], agreement.id)

    def test_several_programs_begin_together_after_the_last_of_them(self):
        software = self.make_installation(self.customer, end=self.day("2026-08-31"))
        software |= self.make_installation(self.customer, end=self.day("2026-09-30"))
        software |= self.make_installation(self.customer)
        action = software.with_user(self.manager).action_create_agreement()
        agreement = self.env["contract.contract"].browse(action["res_id"])
        self.assertEqual(agreement.term_start, self.day("2026-10-01"))
        self.assertEqual(len(agreement.contract_line_ids), 3)

    def test_never_served_software_begins_today(self):
        action = self.make_installation().action_create_agreement()
        agreement = self.env["contract.contract"].browse(action["res_id"])
        self.assertEqual(agreement.term_start, self.day("2026-06-15"))

    def test_covered_software_is_renewed_instead(self):
        with self.assertRaisesRegex(UserError, f"{self.agreement.name}.*Renew"):
            self.first.with_user(self.specialist).action_create_agreement()
        with freeze_time("2026-07-01 04:00:00"):
            # the term is over, and nobody renewed it
            self.env.invalidate_all()
            self.first.with_user(self.specialist).action_create_agreement()

    def test_only_what_goes_together_is_put_together(self):
        line = self.line.copy({"name": "Other"})
        for other in (
            self.make_installation(),
            self.make_installation(self.customer, self.make_software(line=line)),
            self.make_installation(self.customer, self.make_software(aftersales_line_id=False)),
        ):
            software = self.make_installation(self.customer) | other
            with self.assertRaisesRegex(UserError, "one customer and one product line"):
                software.action_create_agreement()
        with self.assertRaisesRegex(UserError, "Choose"):
            self.env["aftersales.installation"].action_create_agreement()

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementSigning(AftersalesCommon):
    """五.2.3 – 五.2.6: from the draft to the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"))
        cls.agreement = cls.make_agreement(cls.installation, start=cls.day("2026-04-01"))
        cls.mine = cls.agreement.with_user(cls.specialist)

    # Numbers and defaults

    def test_the_number_counts_within_the_year_of_the_company(self):
        self.assertRegex(self.agreement.name, r"^XY2026-\d{4}$")
        self.assertEqual(self.agreement.code, self.agreement.name)
        with freeze_time("2026-12-31 16:30:00"):
            # it is New Year in China already
            following = self.make_agreement()
        self.assertRegex(following.name, r"^XY2027-\d{4}$")

    def test_a_name_given_is_kept(self):
        self.assertEqual(self.make_agreement(name="HT-7").name, "HT-7")

    def test_nobody_outside_hears_of_a_new_agreement(self):
        """The contract addon makes the customer a follower and keeps modifications."""
        self.assertFalse(self.agreement.modification_ids)
        self.assertNotIn(self.agreement.partner_id, self.agreement.message_partner_ids)
        sent = self.env["mail.mail"].search(
            [("model", "=", "contract.contract"), ("res_id", "=", self.agreement.id)]
        )
        self.assertFalse(sent)
        # contracts that are no service agreements keep the behaviour of the contract addon
        ordinary = self.env["contract.contract"].create(
            {"name": "OCA", "partner_id": self.installation.partner_id.id}
        )
        self.assertTrue(ordinary.modification_ids)
        self.assertIn(ordinary.partner_id, ordinary.message_partner_ids)

    # Signing

    def test_signing_makes_dates_and_posts_the_invoice(self):
        self.company.aftersales_payment_days = 3
        self.sign(self.mine)
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "agreement_stage": "signed",
                    "agreement_state": "signed",
                    "signed_on": self.day("2026-03-10"),
                    "signed_by_id": self.specialist.id,
                    "payment_due_date": self.day("2026-03-13"),
                    "paid_on": False,
                }
            ],
        )
        invoice = self.agreement.invoice_ids
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "move_type": "out_invoice",
                    "partner_id": self.installation.partner_id.id,
                    "company_id": self.company.id,
                    "invoice_date": self.day("2026-03-10"),
                    "invoice_date_due": self.day("2026-03-13"),
                    "amount_total": 1000.0,
                    "invoice_origin": self.agreement.name,
                    "invoice_user_id": self.specialist.id,
                }
            ],
        )
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "agreement_invoice_state": "open",
                    "agreement_invoice_name": invoice.name,
                    "agreement_date_due": self.day("2026-03-13"),
                    "agreement_amount_due": 1000.0,
                }
            ],
        )

    def test_the_customers_payment_terms_do_not_move_the_deadline(self):
        self.installation.partner_id.property_payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        agreement = self.make_agreement(self.make_installation(self.installation.partner_id))
        self.sign(agreement)
        self.assertEqual(agreement.invoice_ids.invoice_date_due, self.day("2026-03-13"))

    def test_signed_yesterday_is_invoiced_and_due_from_yesterday(self):
        self.mine.write({"signed_on": "2026-03-09", "signed_by_id": self.colleague.id})
        self.sign(self.mine)
        self.assertEqual(self.agreement.signed_by_id, self.colleague)
        self.assertEqual(self.agreement.invoice_ids.invoice_date, self.day("2026-03-09"))
        self.assertEqual(self.agreement.invoice_ids.invoice_date_due, self.day("2026-03-12"))

    def test_nobody_signs_in_the_future(self):
        self.mine.signed_on = "2026-03-11"
        with self.assertRaisesRegex(UserError, "has not come yet"):
            self.sign(self.mine)
        # in China the 11th begins at 16:00 UTC
        with freeze_time("2026-03-10 16:00:01"):
            self.sign(self.mine)
        self.assertEqual(self.agreement.agreement_stage, "signed")

    def test_what_is_missing_is_named(self):
        for values, missing in (
            ({"term_end": False}, "the term"),
            ({"installation_ids": [Command.clear()]}, "the software it covers"),
            ({"contract_line_ids": [Command.clear()]}, "a line with the service"),
        ):
            agreement = self.make_agreement(self.make_installation())
            agreement.write(values)
            for action in ("action_sign", "action_mark_sent", "action_mark_sent_by_hand"):
                with self.assertRaisesRegex(UserError, missing):
                    getattr(agreement, action)()
            self.assertFalse(agreement.invoice_ids)

    def test_signing_twice_makes_one_invoice(self):
        self.sign(self.mine)
        with self.assertRaisesRegex(UserError, "already Signed"):
            self.sign(self.mine)
        self.assertEqual(len(self.agreement.invoice_ids), 1)

    def test_a_lost_agreement_is_not_signed(self):
        self.mine.action_lose("too expensive")
        with self.assertRaisesRegex(UserError, "cannot become Signed"):
            self.sign(self.mine)
        self.assertFalse(self.agreement.invoice_ids)

    def test_free_of_charge_needs_no_invoice_and_counts_as_paid(self):
        agreement = self.make_agreement(
            self.make_installation(end=self.day("2026-03-31")),
            start=self.day("2026-04-01"),
            price=0.0,
        )
        self.sign(agreement.with_user(self.specialist))
        self.assertFalse(agreement.invoice_ids)
        self.assertEqual(agreement.paid_on, self.day("2026-03-10"))
        self.assertEqual(agreement.agreement_invoice_state, "free")
        self.assertEqual(agreement.installation_ids.service_date_end, self.day("2027-03-31"))

    def test_a_failing_invoice_leaves_the_agreement_unsigned(self):
        with (
            patch.object(
                self.env.registry["account.move"], "action_post", side_effect=UserError("closed")
            ),
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
        ):
            self.sign(self.mine)
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.agreement_stage, "draft")
        self.assertFalse(self.agreement.invoice_ids)

    # Amount

    def test_the_amount_is_what_the_invoice_will_say(self):
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 6%",
                "amount": 6,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "price_include_override": "tax_excluded",
            }
        )
        included = tax.copy({"name": "VAT 13% included", "amount": 13})
        included.price_include_override = "tax_included"
        agreement = self.make_agreement(self.make_installation(), price=0.0)
        agreement.contract_line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "product_id": self.make_software(taxes_id=[Command.set(taxes.ids)]).id,
                        "quantity": quantity,
                        "price_unit": price,
                        "discount": discount,
                    }
                )
                for taxes, quantity, price, discount in (
                    (tax, 1, 1000, 0),
                    (tax, 3, 33.33, 0),
                    (included, 2, 113, 10),
                    (tax.browse(), 1, 50, 0),
                )
            ),
            Command.create({"name": "Section", "display_type": "line_section"}),
        ]
        self.assertAlmostEqual(agreement.agreement_amount, 1060 + 105.99 + 203.4 + 50)
        self.sign(agreement)
        self.assertEqual(agreement.invoice_ids.amount_total, agreement.agreement_amount)

    def test_a_signed_price_does_not_follow_the_price_list(self):
        line = self.agreement.contract_line_ids
        line.product_id.list_price = 800
        line.automatic_price = True
        self.assertEqual(line.price_unit, 800)
        self.sign(self.agreement)
        line.product_id.list_price = 900
        line.invalidate_recordset()
        self.assertEqual(line.price_unit, 800)
        self.assertEqual(self.agreement.invoice_ids.amount_total, 800)

    # Stages

    def test_no_stage_is_entered_by_writing_it(self):
        for user in (self.specialist, self.manager, self.director):
            for stage in ("sent", "signed", "lost"):
                with self.assertRaisesRegex(UserError, "Use the buttons"):
                    self.agreement.with_user(user).write(
                        {"agreement_stage": stage, "lost_reason": "x"}
                    )
        for values in ({"paid_on": "2026-03-10"}, {"term_anchor": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "Use the buttons"):
                self.mine.write(values)
        # the key of the methods cannot be guessed
        with self.assertRaisesRegex(UserError, "Use the buttons"):
            self.mine.with_context(aftersales_unlocked=True).write({"agreement_stage": "signed"})
        # an import may contain the present value
        self.mine.write({"agreement_stage": "draft", "note": "imported"})

    def test_no_agreement_is_born_signed(self):
        with self.assertRaisesRegex(UserError, "begins as a draft"):
            self.make_agreement(agreement_stage="signed")
        for name in ("paid_on", "payment_chased_on"):
            with self.assertRaisesRegex(UserError, "Use the buttons"):
                self.make_agreement(**{name: "2026-01-01"})

    def test_lost_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.mine.action_lose(" ")
        wizard = (
            self.env["aftersales.reason"]
            .with_user(self.specialist)
            .with_context(**self.mine.action_open_lose()["context"])
            .create({"reason": "changed supplier"})
        )
        wizard.action_confirm()
        self.assertRecordValues(
            self.agreement, [{"agreement_stage": "lost", "lost_reason": "changed supplier"}]
        )
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.mine.lost_reason = False
            self.env.flush_all()
        self.mine.action_draft()
        self.assertRecordValues(
            self.agreement, [{"agreement_stage": "draft", "lost_reason": False}]
        )

    def test_sent_and_back_to_draft(self):
        self.fax(self.mine)
        self.assertEqual(self.agreement.agreement_stage, "sent")
        self.assertIn("by Fax", str(self.agreement.message_ids.mapped("body")))
        self.mine.action_draft()
        self.assertEqual(self.agreement.agreement_stage, "draft")

    def test_an_ordinary_contract_has_no_stages(self):
        ordinary = self.env["contract.contract"].create(
            {"name": "OCA", "partner_id": self.installation.partner_id.id}
        )
        for action in ("action_sign", "action_mark_sent", "action_draft", "action_lose"):
            with self.assertRaisesRegex(UserError, "no service agreement"):
                getattr(ordinary, action)()

    # What is fixed

    def test_what_was_agreed_is_fixed_when_the_draft_is_left(self):
        other = self.make_installation(self.installation.partner_id, self.installation.product_id)
        changes = {
            "term_start": "2026-05-01",
            "term_end": "2027-05-31",
            "partner_id": self.make_customer().id,
            "installation_ids": [Command.link(other.id)],
            "contract_line_ids": [Command.clear()],
            "contract_line_fixed_ids": [Command.clear()],
            "product_line_id": False,
            "renewal_of_id": self.make_agreement().id,
            "active": False,
        }
        self.fax(self.mine)
        for stage in ("sent", "signed"):
            if stage == "signed":
                self.sign(self.mine)
            for name, value in changes.items():
                with self.subTest(stage=stage, field=name), self.assertRaises(UserError):
                    self.mine.write({name: value})
        for values in ({"signed_on": "2026-03-01"}, {"signed_by_id": self.colleague.id}):
            with self.assertRaises(UserError):
                self.mine.write(values)
        with self.assertRaises(UserError):
            self.agreement.is_service_agreement = False

    def test_lines_are_fixed_by_themselves_too(self):
        self.sign(self.mine)
        line = self.agreement.contract_line_ids.with_user(self.specialist)
        for values in ({"price_unit": 1}, {"quantity": 2}, {"name": "x"}, {"discount": 50}):
            with self.assertRaisesRegex(UserError, "lines cannot be changed"):
                line.write(values)
        for values in ({"last_date_invoiced": False}, {"recurring_next_date": "2026-04-01"}):
            with self.assertRaisesRegex(UserError, "lines cannot be changed"):
                line.write(values)
        with self.assertRaisesRegex(UserError, "lines cannot be changed"):
            line.copy()
        with self.assertRaisesRegex(UserError, "lines cannot be changed"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "lines cannot be changed"):
            line.create({"contract_id": self.agreement.id, "name": "more", "price_unit": 1})
        draft = self.make_agreement()
        with self.assertRaisesRegex(UserError, "lines cannot be changed"):
            draft.contract_line_ids.contract_id = self.agreement

    def test_installations_do_not_join_by_the_back_door(self):
        with self.assertRaisesRegex(UserError, "on the agreement itself"):
            self.installation.agreement_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "on the agreement itself"):
            self.make_installation(agreement_ids=[Command.link(self.agreement.id)])

    def test_covered_software_stays_with_its_customer(self):
        with self.assertRaises(ValidationError):
            self.installation.partner_id = self.make_customer()
        self.agreement.action_lose("gone")
        self.installation.partner_id = self.make_customer()

    def test_a_term_beyond_all_reckoning_is_refused_in_words(self):
        draft = self.make_agreement()
        values = {"term_start": "2026-04-01", "term_end": "9999-12-31"}
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            draft.write(values)
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            self.make_agreement(**values)
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            self.make_agreement(term_start="9999-12-01", term_end=False)
        form = Form(draft, "jinyang_aftersales.contract_contract_view_form_agreement")
        form.term_start = "9999-06-01"
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            form.save()
        draft.write({"term_start": "2026-04-01", "term_end": "2999-12-31"})
        self.sign(draft)
        self.assertEqual(draft.invoice_ids.amount_total, 1000)

    def test_one_customer_one_product_line(self):
        line = self.env["aftersales.product.line"].create({"name": "Other", "brand": "Other"})
        for installation in (
            self.make_installation(),
            self.make_installation(self.installation.partner_id, self.make_software(line=line)),
        ):
            with self.assertRaises(ValidationError):
                self.agreement.installation_ids += installation

    def test_the_paper_trail_goes_on_after_signing(self):
        self.sign(self.mine)
        self.mine.write(
            {
                "return_due_date": "2026-03-15",
                "invoice_contact_id": self.installation.partner_id.software_contact_id.id,
                "invoice_sent_on": "2026-03-10",
                "invoice_courier": "顺丰速运",
                "invoice_tracking_number": "SF1234567890",
            }
        )
        self.assertEqual(self.agreement.return_due_date, self.day("2026-03-15"))

    def test_a_manager_moves_the_term_of_a_signed_agreement_and_periods_follow(self):
        self.sign(self.mine)
        self.pay(self.agreement)
        notices = self.env.registry["aftersales.renewal.notice"]
        with patch.object(notices, "_reconcile", autospec=True) as reconcile:
            self.agreement.with_user(self.manager).write(
                {"term_start": "2026-04-01", "term_end": "2027-06-30"}
            )
        self.assertIn(self.company, [call.args[1] for call in reconcile.call_args_list])
        self.assertEqual(self.installation.service_date_end, self.day("2027-06-30"))
        rows = self.installation.period_ids.filtered("contract_id").sorted("id")
        self.assertEqual(rows.mapped("effective"), [False, True])
        self.assertIn("term", rows[0].revert_reason)
        self.assertIn(self.manager.name, rows[0].revert_reason)
        line = self.agreement.contract_line_ids
        self.assertEqual(line.date_end, self.day("2027-06-30"))
        self.assertFalse(line.recurring_next_date)
        self.commit()
        tracked = self.agreement.message_ids.tracking_value_ids.mapped("new_value_datetime")
        self.assertIn(self.day("2027-06-30"), [moment.date() for moment in tracked if moment])

    # Undoing

    def test_a_signature_is_undone_by_a_manager_when_the_invoice_is_gone(self):
        self.sign(self.mine)
        with self.assertRaisesRegex(UserError, "Only a service manager"):
            self.mine.action_unsign()
        managed = self.agreement.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "has the invoice"):
            managed.action_unsign()
        self.agreement.invoice_ids.button_cancel()
        with self.assertRaisesRegex(UserError, "Only a service manager"):
            self.mine.action_unsign()
        managed.action_unsign()
        self.assertRecordValues(
            self.agreement,
            [{"agreement_stage": "draft", "signed_on": False, "signed_by_id": False}],
        )
        self.sign(self.mine)
        self.assertEqual(len(self.agreement.invoice_ids), 2)

    def test_undoing_a_free_agreement_takes_its_period_back(self):
        installation = self.make_installation(end=self.day("2026-03-31"))
        agreement = self.make_agreement(installation, start=self.day("2026-04-01"), price=0.0)
        self.sign(agreement)
        self.assertEqual(installation.service_date_end, self.day("2027-03-31"))
        agreement.with_user(self.manager).action_unsign()
        self.assertEqual(installation.service_date_end, self.day("2026-03-31"))
        self.assertFalse(agreement.paid_on)
        with self.assertRaisesRegex(UserError, "cannot become Draft"):
            self.make_agreement(price=0.0, signed=True).action_draft()

    def test_only_what_nobody_has_seen_is_deleted(self):
        self.fax(self.mine)
        with self.assertRaises(UserError):
            self.agreement.with_user(self.manager).unlink()
        self.sign(self.mine)
        with self.assertRaises(UserError):
            self.agreement.with_user(self.manager).unlink()
        draft = self.make_agreement()
        with self.assertRaises(AccessError):
            draft.with_user(self.specialist).unlink()
        draft.with_user(self.manager).unlink()

    def test_a_copy_is_a_draft_with_its_own_number_and_lines(self):
        """The contract addon refuses to copy a contract that was invoiced to its end."""
        self.sign(self.agreement)
        copy = self.agreement.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "agreement_stage": "draft",
                    "signed_on": False,
                    "renewal_of_id": False,
                    "agreement_amount": 1000.0,
                }
            ],
        )
        self.assertNotIn(copy.name, (False, self.agreement.name))
        self.assertFalse(copy.contract_line_ids.last_date_invoiced)
        self.assertFalse(copy.installation_ids)

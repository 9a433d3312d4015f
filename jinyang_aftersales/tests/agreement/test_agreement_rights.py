from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged

from ..common import AftersalesCommon
from ..common_rpc import RpcClient


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementRights(AftersalesCommon):
    """Who may do what with agreements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"))
        cls.agreement = cls.make_agreement(cls.installation, start=cls.day("2026-04-01"))
        # an agreement of a colleague, with a customer in the colleague's charge
        cls.theirs = cls.make_agreement(
            cls.make_installation(cls.make_customer(service_user_id=cls.colleague.id)),
            user_id=cls.colleague.id,
        )

    def test_everybody_with_a_role_reads(self):
        for user in (
            self.specialist,
            self.colleague,
            self.callback,
            self.archivist,
            self.developer,
            self.manager,
            self.director,
        ):
            for agreement in (self.agreement, self.theirs):
                self.env.flush_all()
                self.env.invalidate_all()
                agreement.with_user(user).read()
                agreement.with_user(user).contract_line_ids.read(["name", "price_subtotal"])

    def test_who_has_no_role_sees_none(self):
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.employee).read(["name"])

    def test_an_ordinary_contract_is_none_of_ours(self):
        ordinary = self.env["contract.contract"].create(
            {"name": "OCA", "partner_id": self.installation.partner_id.id}
        )
        for user in (self.specialist, self.callback, self.manager, self.director):
            model = self.env["contract.contract"].with_user(user)
            self.assertNotIn(ordinary, model.search([]))
            with self.assertRaises(AccessError):
                ordinary.with_user(user).read(["name"])
            if user != self.callback:
                with self.assertRaises(AccessError):
                    model.create({"name": "x", "partner_id": self.installation.partner_id.id})

    def test_defaults_of_a_caller_sign_nothing(self):
        context = {"default_agreement_stage": "signed", "default_paid_on": "2026-01-01"}
        agreement = self.make_agreement().with_context(**context).copy()
        self.assertEqual(agreement.agreement_stage, "draft")
        self.assertFalse(agreement.paid_on)

    def test_a_specialist_writes_what_is_in_reach(self):
        mine = self.agreement.with_user(self.specialist)
        mine.note = "in reach: responsible"
        self.theirs.partner_id.service_user_id = self.specialist
        self.theirs.with_user(self.specialist).note = "in reach: in charge of the customer"
        created = (
            self.env["contract.contract"]
            .with_user(self.specialist)
            .create(
                {
                    "is_service_agreement": True,
                    "partner_id": self.make_customer(service_user_id=False).id,
                    "user_id": self.colleague.id,
                }
            )
        )
        created.note = "in reach: creator"

    def test_a_specialist_out_of_reach_changes_nothing(self):
        theirs = self.theirs.with_user(self.specialist)
        for action in (
            "action_sign",
            "action_mark_sent",
            "action_mark_sent_by_hand",
            "action_lose",
            "action_draft",
            "action_create_invoice",
            "action_renew",
            "action_unsign",
        ):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(theirs, action)()
        for values in (
            {"note": "x"},
            {"user_id": self.specialist.id},
            {"return_due_date": "2026-03-10"},
        ):
            with self.assertRaises(AccessError):
                theirs.write(values)
        with self.assertRaises(AccessError):
            theirs.contract_line_ids.write({"price_unit": 1})
        with self.assertRaises(AccessError):
            theirs.contract_line_ids.unlink()
        with self.assertRaises(AccessError):
            self.env["contract.line"].with_user(self.specialist).create(
                {"contract_id": theirs.id, "name": "x"}
            )
        with self.assertRaises(AccessError):
            theirs.unlink()

    def test_call_back_archive_and_development_only_read(self):
        for user in (self.callback, self.archivist, self.developer):
            agreement = self.agreement.with_user(user)
            for action in (
                "action_sign",
                "action_mark_sent",
                "action_mark_sent_by_hand",
                "action_lose",
                "action_renew",
                "action_create_invoice",
            ):
                with self.subTest(user=user.name, action=action), self.assertRaises(AccessError):
                    getattr(agreement, action)()
            with self.assertRaises(AccessError):
                agreement.note = "x"
            with self.assertRaises(AccessError):
                self.installation.with_user(user).action_create_agreement()

    def test_a_manager_writes_all(self):
        theirs = self.theirs.with_user(self.manager)
        theirs.user_id = self.specialist
        self.sign(theirs)
        theirs.return_due_date = "2026-03-20"

    def test_signing_needs_no_right_on_accounting(self):
        for model in ("account.move", "account.journal", "account.move.line", "account.payment"):
            self.assertFalse(self.env[model].with_user(self.specialist).has_access("read"), model)
        mine = self.agreement.with_user(self.specialist)
        self.fax(mine)
        self.sign(mine)
        self.assertEqual(mine.agreement_invoice_state, "open")
        with self.assertRaises(AccessError):
            mine.invoice_ids.read(["name"])

    def test_what_makes_the_invoice_is_not_for_who_books_none(self):
        mine = self.agreement.with_user(self.specialist)
        purchases = self.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", self.company.id)], limit=1
        )
        for values in (
            {"contract_type": "purchase"},
            {"line_recurrence": False},
            {"currency_id": self.env.ref("base.USD").id},
            {"manual_currency_id": self.env.ref("base.USD").id},
            {"journal_id": purchases.id},
            {"payment_term_id": self.env.ref("account.account_payment_term_30days").id},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                mine.write(values)

    # An accountant without any of our groups

    def test_an_accountant_keeps_the_contracts_of_the_contract_addon(self):
        contracts = self.env["contract.contract"].with_user(self.accountant)
        ordinary = contracts.create(
            {
                "name": "OCA",
                "partner_id": self.installation.partner_id.id,
                "contract_line_ids": [Command.create({"name": "Hosting", "price_unit": 10})],
            }
        )
        ordinary.contract_line_ids.price_unit = 20
        ordinary.recurring_create_invoice()
        ordinary.copy().unlink()
        self.assertIn(self.agreement, contracts.search([]))
        self.agreement.with_user(self.accountant).read(["name", "agreement_state", "term_end"])
        ours = "jinyang_aftersales.contract_contract_view_form_agreement"
        for contract, view in (
            (ordinary, "contract.contract_contract_customer_form_view"),
            (self.agreement.with_user(self.accountant), ours),
        ):
            contract.read()
            self.assertEqual(contract.get_formview_id(), self.env.ref(view).id)
        with Form(ordinary, "contract.contract_contract_customer_form_view") as form:
            form.name = "OCA 2"
        for view in ("contract.contract_contract_customer_form_view", ours):
            with Form(self.agreement.with_user(self.accountant), view) as form:
                form.note = f"seen by accounting in {view}"

    def test_an_accountant_imports_agreements(self):
        agreement = (
            self.env["contract.contract"]
            .with_user(self.accountant)
            .create(
                {
                    "is_service_agreement": True,
                    "partner_id": self.installation.partner_id.id,
                    "term_start": "2026-04-01",
                    "term_end": "2027-03-31",
                }
            )
        )
        self.assertRegex(agreement.name, r"^XY2026-\d{4}$")

    def test_an_accountant_books_payments_and_all_follows(self):
        self.sign(self.agreement)
        payment = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=self.agreement.invoice_ids.ids)
            .create({})
            ._create_payments()
        )
        self.commit()
        self.assertTrue(self.agreement.paid_on)
        self.assertEqual(self.installation.serial_state, "to_update")
        row = self.installation.period_ids.filtered("contract_id")
        self.assertEqual(row.recorded_by_id, self.accountant)
        payment.action_draft()
        self.commit()
        self.assertFalse(self.agreement.paid_on)
        self.assertIn(self.accountant.name, row.revert_reason)
        invoice = self.agreement.invoice_ids.with_user(self.accountant)
        invoice.button_cancel()
        invoice.button_draft()
        invoice.unlink()
        self.commit()
        self.assertFalse(self.agreement.invoice_ids)

    def test_a_billing_clerk_books_payments_too(self):
        clerk = self.make_user("clerk", "account.group_account_invoice")
        self.sign(self.agreement)
        self.env["account.payment.register"].with_user(clerk).with_context(
            active_model="account.move", active_ids=self.agreement.invoice_ids.ids
        ).create({})._create_payments()
        self.commit()
        self.assertTrue(self.agreement.paid_on)

    def test_an_accountant_does_not_change_what_was_signed(self):
        self.sign(self.agreement)
        signed = self.agreement.with_user(self.accountant)
        for values in (
            {"term_end": "2028-01-01"},
            {"agreement_stage": "draft"},
            {"is_service_agreement": False},
        ):
            with self.assertRaises(UserError):
                signed.write(values)
        with self.assertRaises(UserError):
            signed.contract_line_ids.price_unit = 1
        # fields of accounting stay editable
        signed.fiscal_position_id = False

    def test_a_user_of_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_director",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        model = self.env["contract.contract"].with_user(stranger)
        self.assertFalse(model.with_context(allowed_company_ids=company.ids).search([]))
        with self.assertRaises(AccessError):
            self.agreement.with_user(stranger).with_context(
                allowed_company_ids=company.ids
            ).action_sign()


@tagged("post_install", "-at_install")
class TestAgreementRpc(RpcClient, AftersalesCommon, HttpCase):
    """The same rights by RPC, which does not depend on hidden buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation()
        cls.agreement = cls.make_agreement(cls.installation)

    def call_as(self, user, model, method, *args):
        self.come(user)
        return self.rpc(model, method, *args)

    def assertRefused(self, user, model, method, *args, **kwargs):
        self.come(user)
        self.assertRefusedRpc(model, method, *args, **kwargs)
        self.env.invalidate_all()

    def test_a_stage_is_not_written(self):
        ids = self.agreement.ids
        for values in (
            {"agreement_stage": "signed"},
            {"agreement_stage": "lost", "lost_reason": "x"},
            {"paid_on": "2026-01-01"},
            {"is_service_agreement": False},
        ):
            for user in (self.specialist, self.manager):
                self.assertRefused(user, "contract.contract", "write", ids, values)
        self.assertRefused(
            self.specialist,
            "contract.contract",
            "write",
            ids,
            {"agreement_stage": "signed"},
            context={"aftersales_unlocked": True},
        )
        self.assertRefused(
            self.specialist,
            "contract.contract",
            "create",
            [
                {
                    "is_service_agreement": True,
                    "partner_id": self.installation.partner_id.id,
                    "agreement_stage": "signed",
                }
            ],
        )
        self.assertEqual(self.agreement.agreement_stage, "draft")

    def test_private_methods_and_invoicing_stay_closed(self):
        ids = self.agreement.ids
        for method in (
            "_make_invoice",
            "_sync_payment",
            "_enter",
            "_write_unlocked",
            "_chase_late_payments",
        ):
            self.assertRefused(self.director, "contract.contract", method, ids)
        for user in (self.specialist, self.accountant):
            self.assertRefused(user, "contract.contract", "recurring_create_invoice", ids)
            self.assertRefused(user, "contract.contract", "action_create_invoice", ids)
        self.assertFalse(self.agreement.invoice_ids)

    def test_sign_and_import(self):
        ids = self.agreement.ids
        for user in (self.colleague, self.callback, self.employee):
            self.assertRefused(user, "contract.contract", "action_sign", ids)
        values = {
            "signed_by_id": self.specialist.id,
            "signed_on": "2026-03-10",
            "is_sealed": True,
            "return_due_date": "2026-03-20",
            "invoice_contact_id": self.agreement.partner_id.id,
            "invoice_address": "上海市人民路 1 号",
        }
        self.call_as(self.specialist, "contract.contract", "action_sign", ids, values)
        self.env.invalidate_all()
        self.assertEqual(self.agreement.agreement_stage, "signed")
        self.assertRefused(self.specialist, "contract.contract", "action_sign", ids)
        self.env.invalidate_all()
        self.assertEqual(len(self.agreement.invoice_ids), 1)
        external = self.agreement.export_data(["id"])["datas"][0][0]
        result = self.call_as(
            self.specialist,
            "contract.contract",
            "load",
            ["id", "term_end"],
            [[external, "2040-01-01"]],
        )
        self.assertFalse(result["ids"])
        for model, method, args in (
            ("contract.line", "write", (self.agreement.contract_line_ids.ids, {"price_unit": 1})),
            ("contract.line", "unlink", (self.agreement.contract_line_ids.ids,)),
            (
                "aftersales.installation",
                "write",
                (self.installation.ids, {"agreement_ids": [[6, 0, []]]}),
            ),
            ("aftersales.service.period", "create", ([{"installation_id": self.installation.id}],)),
        ):
            self.assertRefused(self.specialist, model, method, *args)

from odoo.tests import freeze_time, tagged

from ...models.agreement.values import AGREEMENT_STATES
from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestAgreementState(AftersalesCommon):
    """Compute, search and grouping give the same state, by the day of each company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation()

    def make_free(self, start, end, **values):
        """A signed agreement without invoice."""
        return self.make_agreement(
            self.make_installation(self.installation.partner_id, self.installation.product_id),
            start=self.day(start),
            end=self.day(end),
            price=0.0,
            signed=True,
            **values,
        )

    def assertState(self, expected):
        """:param dict expected: ``{agreement: state}``, of all agreements in these companies"""
        contracts = self.env["contract.contract"].union(*expected)
        contracts.invalidate_recordset(["agreement_state"])
        model = self.env["contract.contract"]
        domain = [("id", "in", contracts.ids)]
        self.assertEqual({record: record.agreement_state for record in contracts}, expected)
        for state in {key for key, _label in AGREEMENT_STATES} | {False}:
            mine = contracts.filtered(lambda record, state=state: expected[record] == state)
            self.assertEqual(
                model.search(domain + [("agreement_state", "=", state)]), mine.sorted(), state
            )
            self.assertEqual(
                model.search(domain + [("agreement_state", "!=", state)]),
                (contracts - mine).sorted(),
                state,
            )
        groups = dict(model._read_group(domain, ["agreement_state"], ["id:recordset"]))
        self.assertEqual(
            {record: state for state, records in groups.items() for record in records}, expected
        )
        formatted = model.formatted_read_group(domain, ["agreement_state"], ["__count"])
        self.assertEqual(
            {group["agreement_state"]: group["__count"] for group in formatted},
            {state: len(records) for state, records in groups.items()},
        )
        for group in formatted:
            self.assertEqual(
                model.search_count(domain + group["__extra_domain"]), group["__count"], group
            )
        ordered = model.search(domain, order="agreement_state, id")
        self.assertEqual(len(ordered), len(contracts))

    @freeze_time("2026-06-15 04:00:00")
    def test_every_state(self):
        draft = self.make_agreement(self.make_installation())
        sent = self.make_agreement(self.make_installation())
        self.fax(sent)
        lost = self.make_agreement(self.make_installation())
        lost.action_lose("too expensive")
        future = self.make_free("2026-06-16", "2027-06-15")
        first_day = self.make_free("2026-06-15", "2027-06-14")
        last_day = self.make_free("2025-06-16", "2026-06-15")
        over = self.make_free("2025-06-15", "2026-06-14")
        renewed = self.make_free("2024-06-15", "2025-06-14")
        renewed.action_renew()
        successor = renewed.renewal_ids
        # an offered successor does not make it renewed
        self.assertEqual(renewed.agreement_state, "expired")
        self.sign(successor)
        ordinary = self.env["contract.contract"].create(
            {"name": "OCA", "partner_id": self.installation.partner_id.id}
        )
        self.assertState(
            {
                draft: "draft",
                sent: "sent",
                lost: "lost",
                future: "signed",
                first_day: "active",
                last_day: "active",
                over: "expired",
                renewed: "renewed",
                successor: "expired",
                ordinary: False,
            }
        )

    @freeze_time("2026-06-14 23:30:00")
    def test_two_companies_with_different_midnights(self):
        """At 23:30 UTC it is the 15th in Shanghai and still the 14th in New York."""
        here = {
            self.make_free("2025-06-15", "2026-06-14"): "expired",
            self.make_free("2026-06-15", "2027-06-14"): "active",
        }
        company = self.make_company("West", tz="America/New_York")
        self.env.user.company_ids += company
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": (self.company | company).ids}
        )
        customer = self.make_customer()
        there = {}
        for start, end, state in (
            ("2025-06-15", "2026-06-14", "active"),
            ("2026-06-15", "2027-06-14", "signed"),
        ):
            installation = self.make_installation(customer, company_id=company.id)
            agreement = self.make_agreement(
                installation,
                start=self.day(start),
                end=self.day(end),
                price=0.0,
                company_id=company.id,
                signed=True,
            )
            there[agreement.with_env(self.env)] = state
        self.assertState(
            {record.with_env(self.env): state for record, state in here.items()} | there
        )
        # one company alone, and all of them for the system
        self.manager.company_ids += company
        alone = (
            self.env["contract.contract"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=company.ids)
        )
        self.assertEqual(alone.search([("agreement_state", "=", "active")]), next(iter(there)))
        self.assertIn(next(iter(there)), alone.sudo().search([("agreement_state", "=", "active")]))

    @freeze_time("2026-06-14 15:59:59")
    def test_the_state_changes_at_midnight_without_any_job(self):
        agreement = self.make_free("2025-06-15", "2026-06-14")
        self.assertState({agreement: "active"})
        with freeze_time("2026-06-14 16:00:00"):
            self.assertState({agreement: "expired"})

    @freeze_time("2026-06-15 04:00:00")
    def test_installations_are_found_by_the_state_of_their_agreements(self):
        agreement = self.make_free("2025-06-15", "2026-06-14")
        self.make_free("2026-06-15", "2027-06-14")
        self.assertEqual(
            self.env["aftersales.installation"].search(
                [("agreement_ids.agreement_state", "=", "expired")]
            ),
            agreement.installation_ids,
        )

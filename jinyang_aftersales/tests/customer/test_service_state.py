from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.jinyang_aftersales.models.company.service_state import SERVICE_RANK

from ..common import AftersalesCommon

# 23:30 UTC on 30 March is 07:30 on 31 March in Shanghai
NIGHT = "2026-03-30 23:30:00"


@tagged("post_install", "-at_install")
class TestServiceState(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("成都蜀光机械有限公司")
        cls.ends = {
            date(2026, 3, 30): "expired",
            date(2026, 3, 31): "expiring",
            date(2026, 4, 30): "expiring",
            date(2026, 5, 1): "in_service",
            date(2027, 1, 1): "in_service",
        }
        cls.installations = {
            end: cls.make_installation(
                cls.customer, service_date_start=date(2025, 4, 1), service_date_end=end
            )
            for end in cls.ends
        }
        cls.future = cls.make_installation(
            cls.customer, service_date_start=date(2026, 4, 2), service_date_end=date(2027, 4, 1)
        )
        cls.never = cls.make_installation(cls.customer)
        cls.every = cls.env["aftersales.installation"].browse(
            [rec.id for rec in (*cls.installations.values(), cls.future, cls.never)]
        )

    def state_three_ways(self, records, domain):
        """The state by compute, by search and by group: {record: (compute, search, group)}."""
        records.invalidate_recordset()
        model = records.browse()
        searched, grouped = {}, {}
        for state in SERVICE_RANK:
            for record in model.search([*domain, ("service_state", "=", state)]):
                self.assertNotIn(record, searched, "a record is in one state only")
                searched[record] = state
        for state, found in model._read_group(domain, ["service_state"], ["id:recordset"]):
            grouped.update(dict.fromkeys(found, state))
        return {rec: (rec.service_state, searched.get(rec), grouped.get(rec)) for rec in records}

    @freeze_time(NIGHT)
    def test_state_turns_at_midnight_in_shanghai_by_compute_search_and_group(self):
        states = self.state_three_ways(self.every, [("id", "in", self.every.ids)])
        for end, expected in self.ends.items():
            self.assertEqual(states[self.installations[end]], (expected,) * 3, end)
        self.assertEqual(states[self.future], ("none",) * 3)
        self.assertEqual(states[self.never], ("none",) * 3)

    @freeze_time("2026-03-30 15:59:59")
    def test_the_day_before_midnight_in_shanghai_is_still_the_day_before(self):
        states = self.state_three_ways(self.every, [("id", "in", self.every.ids)])
        self.assertEqual(states[self.installations[date(2026, 3, 30)]], ("expiring",) * 3)
        # one calendar month before 30 April is 30 March, before 1 May it is 1 April
        self.assertEqual(states[self.installations[date(2026, 4, 30)]], ("expiring",) * 3)
        self.assertEqual(states[self.installations[date(2026, 5, 1)]], ("in_service",) * 3)

    @freeze_time(NIGHT)
    def test_negative_and_mixed_searches(self):
        domain = [("id", "in", self.every.ids)]
        search = self.env["aftersales.installation"].search
        served = search([*domain, ("service_state", "in", ["in_service", "expiring"])])
        self.assertEqual(len(served), 4)
        self.assertEqual(
            search([*domain, ("service_state", "not in", ["in_service", "expiring"])]),
            self.every - served,
        )
        self.assertEqual(
            search([*domain, ("service_state", "!=", "none")]),
            self.every - self.future - self.never,
        )

    @freeze_time(NIGHT)
    def test_lists_can_be_sorted_by_state(self):
        found = self.env["aftersales.installation"].search(
            [("id", "in", self.every.ids)], order="service_state, id"
        )
        self.assertEqual(found.mapped("service_state"), sorted(found.mapped("service_state")))

    @freeze_time(NIGHT)
    def test_the_web_client_can_group_by_state(self):
        groups = self.env["aftersales.installation"].formatted_read_group(
            [("id", "in", self.every.ids)], ["service_state"], ["__count"]
        )
        self.assertEqual(
            {group["service_state"]: group["__count"] for group in groups},
            {"expired": 1, "expiring": 2, "in_service": 2, "none": 2},
        )
        info = self.env["aftersales.installation"].fields_get(["service_state"])["service_state"]
        self.assertTrue(info["groupable"] and info["sortable"] and info["searchable"])

    @freeze_time(NIGHT)
    def test_each_company_has_its_own_day_and_notice(self):
        other = self.env["res.company"].create({"name": "火奴鲁鲁分公司"})
        other.partner_id.tz = "Pacific/Honolulu"
        other.aftersales_notice_months = 2
        envs = self.env["aftersales.installation"].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        there = self.make_installation(
            self.customer,
            company_id=other.id,
            service_date_start=date(2025, 4, 1),
            service_date_end=date(2026, 3, 30),
        )
        ahead = self.make_installation(
            self.customer,
            company_id=other.id,
            service_date_start=date(2025, 4, 1),
            service_date_end=date(2026, 5, 30),
        )
        here = self.installations[date(2026, 3, 30)]
        records = (there | ahead | here).with_env(envs.env)
        states = self.state_three_ways(records, [("id", "in", records.ids)])
        self.assertEqual(states[there], ("expiring",) * 3)
        self.assertEqual(states[ahead], ("expiring",) * 3)
        self.assertEqual(states[here], ("expired",) * 3)

    @freeze_time(NIGHT)
    def test_a_customer_has_the_best_state_of_its_installations(self):
        cases = {
            "none": [None],
            "expired": [date(2026, 1, 1), None],
            "expiring": [date(2026, 1, 1), date(2026, 4, 1)],
            "in_service": [date(2026, 4, 1), date(2027, 1, 1)],
        }
        partners = self.env["res.partner"]
        expected = {}
        for state, ends in cases.items():
            partner = self.make_customer(f"客户 {state}")
            for end in ends:
                self.make_installation(
                    partner,
                    service_date_start=end and date(2025, 1, 1),
                    service_date_end=end or False,
                )
            expected[partner] = state
            partners |= partner
        bare = self.make_customer("没有软件的客户")
        expected[bare] = "none"
        partners |= bare
        states = self.state_three_ways(partners, [("id", "in", partners.ids)])
        for partner, state in expected.items():
            self.assertEqual(states[partner], (state,) * 3, partner.name)
        best = partners.filtered(lambda partner: partner.service_state == "in_service")
        self.assertEqual(best.service_date_end, date(2027, 1, 1))

    @freeze_time(NIGHT)
    def test_a_contact_shows_the_state_of_the_company_it_works_for(self):
        contact = self.env["res.partner"].create(
            {"name": "王丽", "parent_id": self.customer.id, "department": "财务部"}
        )
        states = self.state_three_ways(contact, [("id", "=", contact.id)])
        self.assertEqual(states[contact], ("in_service",) * 3)
        self.assertEqual(contact.service_date_end, date(2027, 1, 1))
        self.assertEqual(contact.installation_count, len(self.every))

    @freeze_time(NIGHT)
    def test_a_customer_is_seen_through_the_active_companies_only(self):
        other = self.env["res.company"].create({"name": "另一家公司"})
        partner = self.make_customer("两家公司的客户")
        self.make_installation(
            partner,
            company_id=other.id,
            service_date_start=date(2026, 1, 1),
            service_date_end=date(2027, 1, 1),
        )
        self.env.user.company_ids |= other
        for companies, expected in ((self.company, "none"), (self.company | other, "in_service")):
            seen = partner.with_context(allowed_company_ids=companies.ids)
            states = self.state_three_ways(seen, [("id", "=", seen.id)])
            self.assertEqual(states[seen], (expected,) * 3, companies.mapped("name"))

    def test_the_companys_day_is_asked_once_for_a_batch(self):
        agreements = self.make_agreement() + self.make_agreement() + self.make_agreement()
        agreements._write_unlocked({"agreement_stage": "signed"})
        for records, name in ((self.every, "service_state"), (agreements, "agreement_state")):
            self.env.flush_all()
            self.env.invalidate_all()
            with patch.object(
                type(self.company),
                "_aftersales_today",
                autospec=True,
                return_value=date(2026, 3, 31),
            ) as asked:
                records.mapped(name)
            self.assertEqual(asked.call_count, 1, name)

    def test_a_form_whose_company_is_emptied_shows_a_state_all_the_same(self):
        for record in (self.future, self.make_agreement()):
            new = record.new({"company_id": False}, origin=record)
            name = "service_state" if "service_state" in new._fields else "agreement_state"
            self.assertTrue(new[name])

    def test_state_search_is_one_query_whatever_the_number_of_installations(self):
        installation = self.env["aftersales.installation"].with_user(self.specialist)
        partner = self.env["res.partner"].with_user(self.specialist)
        today = fields.Date.today()

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            installation.env.companies.mapped("aftersales_notice_months")
            installation.search([("id", "=", 0), ("service_state", "=", "expiring")])
            partner.search([("id", "=", 0), ("service_state", "=", "expiring")])
            with self.assertQueryCount(__system__=1, **{self.specialist.login: 1}):
                installation.search([("service_state", "=", "expiring")])
            with self.assertQueryCount(__system__=1, **{self.specialist.login: 1}):
                partner.search([("service_state", "=", "expiring")])
            with self.assertQueryCount(__system__=1, **{self.specialist.login: 1}):
                installation._read_group([], ["service_state"], ["__count"])

        measure()
        for _number in range(20):
            self.make_installation(
                self.customer,
                service_date_start=today,
                service_date_end=fields.Date.add(today, years=1),
            )
        measure()

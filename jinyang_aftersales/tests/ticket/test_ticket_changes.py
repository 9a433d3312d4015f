"""Changes of served tickets, on-site work without a visit, and two people who write one record (M02, M47)."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..common_rpc import RpcClient
from .common_record import ADDON, RecordCommon

# a Thursday, noon in Shanghai
THURSDAY = "2026-06-11 04:00:00"
FRIDAY = "2026-06-12 04:00:00"
MONDAY = "2026-06-15 04:00:00"


@tagged("post_install", "-at_install")
class TestTicketChanges(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel["walk_in"] = cls.env.ref(f"{ADDON}.helpdesk_ticket_channel_walk_in")

    def serve(self, ticket=None, moment=THURSDAY):
        with self.at(moment):
            (ticket or self.ticket).action_service_done()

    def corrections(self, ticket=None):
        return (ticket or self.ticket).with_user(self.manager).correction_ids

    # === After the service === #

    def test_a_specialist_changes_channel_category_and_duplicate_mark_with_a_reason_only(self):
        """M02: after the service nobody quietly becomes on-site, of another category, or a duplicate."""
        other = self.make_ticket()
        self.serve()
        for vals in (
            {"channel_id": self.channel["on_site"].id},
            {"channel_id": False},
            {"category_id": self.category("other").id},
            {"duplicate_id": other.id},
        ):
            with self.refused("Correct", UserError):
                self.ticket.write(vals)
            with self.refused("Correct", UserError):
                self.ticket.sudo().web_save(vals, {})
            name, value = next(iter(vals.items()))
            result = self.ticket.load(
                [".id", f"{name}/.id"], [[str(self.ticket.id), str(value or "")]]
            )
            self.assertFalse(result["ids"], vals)
            with self.refused("Say why", UserError):
                self.ticket.action_correct(vals, " ")
        with self.refused("Correct", UserError):
            other.duplicate_ids = [Command.link(self.ticket.id)]
        with self.refused("Channel, category", UserError):
            self.ticket.action_correct({"stage_id": self.stage["done"].id}, "x")
        with self.refused("manager", AccessError):
            self.ticket.action_correct({"service_done_by_id": self.colleague.id}, "x")
        self.assertFalse(self.corrections())

    def test_a_correction_is_kept_with_its_reason(self):
        """M02: field, before, after, reason, who and when; for managers only, changed by nobody."""
        self.serve()
        with self.at(FRIDAY):
            self.ticket.action_correct({"category_id": self.category("other").id}, "原来是操作问题")
        row = self.corrections()
        self.assertRecordValues(
            row,
            [
                {
                    "field_name": "category_id",
                    "old_value": self.category("report").display_name,
                    "new_value": self.category("other").display_name,
                    "reason": "原来是操作问题",
                    "user_id": self.specialist.id,
                    "by_manager": False,
                    "date": date(2026, 6, 12),
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertIn("原来是操作问题", self.ticket.message_ids[0].body)
        self.assertFalse(row.with_user(self.specialist).has_access("read"))
        for user in (self.manager, self.admin_user()):
            with self.refused("kept by the ticket", AccessError):
                row.with_user(user).sudo().reason = "x"
            with self.refused("kept by the ticket", AccessError):
                row.with_user(user).sudo().unlink()

    def admin_user(self):
        return self.env.ref("base.user_admin")

    def test_a_manager_changes_a_served_ticket_and_that_is_kept_too(self):
        self.serve()
        with self.at(FRIDAY):
            self.ticket.with_user(self.manager).channel_id = self.channel["walk_in"]
        self.assertRecordValues(
            self.corrections(),
            [{"field_name": "channel_id", "reason": "", "by_manager": True}],
        )
        self.ticket.with_user(self.manager).action_correct(
            {"service_done_by_id": self.colleague.id}, "由刘强处理"
        )
        self.assertEqual(self.ticket.service_done_by_id, self.colleague)

    def test_a_served_ticket_goes_to_no_other_company(self):
        """M02: where another rule, or none, would hold for its record."""
        other = self.make_company()
        self.specialist.company_ids += other
        self.serve()
        with self.refused("manager", AccessError):
            self.ticket.with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).company_id = other

    def test_what_was_empty_is_filled_in_as_part_of_the_record(self):
        """M02: the first category and a remote channel are answers; on site is none."""
        ticket = self.make_ticket(False, False)
        self.serve(ticket)
        with self.refused("Correct", UserError):
            ticket.channel_id = self.channel["on_site"]
        ticket.write(
            {"category_id": self.category("report").id, "channel_id": self.channel["qq"].id}
        )
        self.assertFalse(self.corrections(ticket))

    def test_before_the_service_everything_is_free(self):
        self.ticket.write(
            {"category_id": self.category("other").id, "channel_id": self.channel["on_site"].id}
        )
        self.assertFalse(self.corrections())

    def test_a_duplicate_mark_of_a_specialist_ends_no_duty(self):
        """M02: only a manager accepts that a served ticket repeats another one."""
        other = self.complete(self.make_ticket())
        self.serve()
        with self.at(FRIDAY):
            self.ticket.action_correct({"duplicate_id": other.id}, "重复报修")
        self.assertFalse(self.ticket.record_completed_on)
        with self.at(MONDAY):
            self.assertTrue(self.ticket.is_record_overdue)
            with self.refused("manager", AccessError):
                self.ticket.action_accept_duplicate()
            self.ticket.with_user(self.manager).action_accept_duplicate()
            self.assertFalse(self.ticket.is_record_overdue)
        self.assertTrue(self.ticket.record_completed_on)

    def test_managers_decide_nothing_about_services_of_their_own(self):
        """M02, M12: they end no own duty, put it on nobody, and give themselves no time."""
        other = self.complete(self.make_ticket())
        ticket = self.make_ticket(user_id=self.manager.id).with_user(self.manager)
        self.serve(ticket)
        with self.at(FRIDAY):
            ticket.duplicate_id = other
            self.assertFalse(ticket.record_completed_on, "the mark is there, the duty stays")
            for attempt in (
                lambda: ticket.action_accept_duplicate(),
                lambda: ticket.action_correct({"service_done_by_id": self.specialist.id}, "x"),
                lambda: ticket.write({"service_done_on": datetime(2026, 6, 12, 3)}),
                lambda: ticket.sudo().write({"service_done_on": False}),
            ):
                with self.refused("did the service yourself", UserError):
                    attempt()
            self.assertEqual(ticket.record_due_date, date(2026, 6, 12))
            # an earlier time gives nobody time
            ticket.service_done_on = datetime(2026, 6, 10, 4)
            self.assertEqual(ticket.record_due_date, date(2026, 6, 11))
            ticket.with_user(self.director).action_accept_duplicate()
            self.assertTrue(ticket.record_completed_on)

    def test_taking_a_duplicate_mark_away_after_the_service_begins_the_duty(self):
        """M02: who marks first and serves then owes the record once the mark goes."""
        copy = self.make_ticket(duplicate_id=self.ticket.id)
        self.serve(copy)
        self.assertFalse(copy.record_due_date)
        with self.at(FRIDAY):
            copy.action_correct({"duplicate_id": False}, "不是同一问题")
        self.assertEqual(copy.record_due_date, date(2026, 6, 15))

    def test_the_dialogue_offers_what_the_ticket_says(self):
        self.serve()
        context = self.ticket.action_open_correction()["context"]
        for user in (self.specialist, self.manager):
            dialogs = self.env["aftersales.ticket.correct"].with_user(user)
            form = Form(dialogs.with_context(**context))
            self.assertEqual(form.category_id, self.ticket.category_id)
            form.category_id = self.category("other" if user == self.specialist else "need")
            form.reason = "分类有误"
            form.save().action_confirm()
        self.assertEqual(len(self.corrections()), 2)

    # === On site without a visit === #

    def test_one_write_makes_no_remote_ticket_an_on_site_one_and_closes_it(self):
        """M02: refused for missing contact and department, it is not closed as on-site work without a visit."""
        answers = self.answers()
        del answers["contact_id"], answers["department"]
        self.ticket.write(answers)
        with self.refused("Contact Person"):
            self.ticket.stage_id = self.stage["done"]
        vals = {"channel_id": self.channel["on_site"].id, "stage_id": self.stage["done"].id}
        for user in (self.specialist, self.manager):
            with self.refused("五.3.3"):
                self.ticket.with_user(user).write(vals)
            with self.refused("五.3.3"):
                self.ticket.with_user(user).sudo().write(vals)
            self.assertFalse(
                self.ticket.with_user(user).load(
                    [".id", *(f"{name}/.id" for name in vals)],
                    [[str(self.ticket.id), *map(str, vals.values())]],
                )["ids"]
            )

    def test_a_served_on_site_ticket_is_not_cancelled_without_a_visit(self):
        """M02: the record of on-site work asks for no contact, so it must not be cancelled instead."""
        ticket = self.make_ticket("other", "on_site", solution="x")
        self.serve(ticket)
        with self.refused("五.3.3"):
            ticket.stage_id = self.stage["cancelled"]
        self.make_ticket("other", "on_site").stage_id = self.stage["cancelled"]

    def test_a_manager_allows_it_without_a_visit_and_that_is_seen(self):
        ticket = self.make_ticket("other", "on_site", solution="x")
        self.assertTrue(ticket.lacks_visit)
        with self.refused("manager", AccessError):
            ticket.action_waive_visit("x")
        own = ticket.with_user(self.manager)
        with self.refused("why there was no visit", UserError):
            own.action_waive_visit("\n")
        dialog = Form(
            self.env["aftersales.reason"]
            .with_user(self.manager)
            .with_context(**own.action_ask_waive_visit()["context"])
        )
        dialog.reason = "展会现场处理"
        with self.at(FRIDAY):
            dialog.save().action_confirm()
        self.assertRecordValues(
            ticket,
            [
                {
                    "visit_waived_reason": "展会现场处理",
                    "visit_waived_by_id": self.manager.id,
                    "visit_waived_on": date(2026, 6, 12),
                    "lacks_visit": False,
                }
            ],
        )
        ticket.stage_id = self.stage["done"]
        self.assertTrue(ticket.closed)
        with self.refused("no visit is missing", UserError):
            own.action_waive_visit("x")

    def test_with_an_approved_visit_it_closes(self):
        ticket = self.make_ticket("other", "on_site", solution="x")
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "ticket_id": ticket.id,
                "company_id": self.company.id,
                "problem": "x",
            }
        )
        self.assertTrue(ticket.lacks_visit)
        visit._write_unlocked({"state": "approved"})
        ticket.invalidate_recordset(["lacks_visit"])
        self.assertFalse(ticket.lacks_visit)
        ticket.stage_id = self.stage["done"]

    def test_what_was_served_before_the_rule_closes_without_a_visit(self):
        """B15: the duty is owed for what was served since the update."""
        ticket = self.make_ticket("other", "on_site", solution="x")
        self.serve(ticket)
        self.company.sudo()._write_unlocked({"aftersales_duties_since": date(2026, 6, 12)})
        ticket.stage_id = self.stage["done"]
        self.assertTrue(ticket.closed)

    def test_a_customer_who_came_to_us_is_served_by_the_remote_rules(self):
        """M02: walk-in is a channel of its own, and needs no visit."""
        ticket = self.make_ticket("other", "walk_in", solution="x")
        self.assertEqual(ticket.service_mode, "remote")
        self.assertEqual(ticket._get_missing_record_fields(), ["contact_id", "department"])
        self.complete(ticket).stage_id = self.stage["done"]
        self.assertTrue(ticket.closed)

    # === Tracked === #

    def test_fields_of_the_record_are_tracked(self):
        """M47: what was overwritten is in the history; fields of several rows keep it themselves."""
        fields = self.env["helpdesk.ticket"]._fields
        tracked = self.ticket._track_get_fields()
        untracked = {
            name
            for name in self.ticket._get_record_fields()
            if fields[name].type not in ("one2many", "many2many") and name not in tracked
        }
        self.assertFalse(untracked)


@tagged("post_install", "-at_install")
class TestTwoPeople(RpcClient, RecordCommon, HttpCase):
    """Two people have the form of one ticket open; each request is a transaction of its own."""

    def read_version(self):
        return self.call(self.ticket, "web_read", {"texts_version": {}})[0]["texts_version"]

    def save(self, vals):
        return self.call(self.ticket, "web_save", vals, {"texts_version": {}})

    def rows(self):
        """:return: the changes of the analysis in the history, the latest first, as old and new text"""
        self.env.invalidate_all()
        rows = self.ticket.sudo().message_ids.tracking_value_ids.filtered(
            lambda row: row.field_id.name == "analysis"
        )
        return [(row.old_value_text, row.new_value_text) for row in rows.sorted("id", reverse=True)]

    def refused_text(self, vals):
        """:return: the message with which a save is refused"""
        params = {"model": self.ticket._name, "method": "web_save", "kwargs": {"specification": {}}}
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/web/dataset/call_kw", json={"params": {**params, "args": [self.ticket.ids, vals]}}
            )
        return answer.json()["error"]["data"]["message"]

    def test_the_second_one_is_told_and_nothing_is_overwritten(self):
        """M47: who and when, with both texts; the version the form has loaded decides."""
        self.ticket.user_id = self.specialist
        self.env.flush_all()
        self.come(self.manager)
        mine = self.read_version()
        self.come(self.specialist)
        theirs = self.read_version()
        saved = self.save({"texts_version": theirs, "analysis": "期初余额有误"})[0]
        # the form goes on with the version of its own save
        self.save({"texts_version": saved["texts_version"], "analysis": "期初余额有误！"})
        self.come(self.manager)
        message = self.refused_text(
            {"texts_version": mine, "analysis": "汇率有误", "question": "借贷差额"}
        )
        for text in (self.specialist.name, "期初余额有误！", "汇率有误", "Analysis"):
            self.assertIn(text, message)
        self.assertNotIn("借贷差额", message)
        # another field, and the same text, overwrite nothing
        self.save({"texts_version": mine, "question": "借贷差额"})
        self.save({"texts_version": mine, "analysis": "期初余额有误！"})
        self.assertEqual(self.rows(), [("期初余额有误", "期初余额有误！"), (False, "期初余额有误")])
        self.assertEqual(self.ticket.analysis, "期初余额有误！")

    def test_contents_decide_and_no_times(self):
        """M47: a change within the same second, or of a transaction that began long before, is seen."""
        self.come(self.specialist)
        mine = self.read_version()
        self.call(self.ticket, "write", {"analysis": "期初余额有误"})
        self.env.flush_all()
        for table in ("helpdesk_ticket", "mail_message", "mail_tracking_value"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = '2020-01-01', create_date = '2020-01-01'",
                    SQL.identifier(table),
                )
            )
        self.env.invalidate_all()
        message = self.refused_text({"texts_version": mine, "analysis": "汇率有误"})
        self.assertIn("期初余额有误", message)

    def test_what_a_closed_form_would_overwrite_with_is_in_the_history(self):
        """M47: there is nobody left to be told; the first text stays, the second one is kept beside it."""
        self.come(self.manager)
        mine = self.read_version()
        self.come(self.specialist)
        self.call(self.ticket, "write", {"analysis": "期初余额有误"})
        self.come(self.manager)
        self.save({"closing_version": mine, "analysis": "汇率有误", "question": "不平"})
        self.assertEqual(self.rows()[0], ("期初余额有误", "汇率有误"))
        self.assertEqual((self.ticket.analysis, self.ticket.question), ("期初余额有误", "不平"))
        # who is told next hears of who wrote what is there, not of what was kept
        message = self.refused_text({"texts_version": mine, "analysis": "税率有误"})
        self.assertIn(f"by {self.specialist.name}", message)

    def test_without_a_version_both_texts_are_in_the_history(self):
        """M47: a write by RPC overwrites, and the log keeps what was there."""
        self.come(self.specialist)
        self.call(self.ticket, "write", {"analysis": "期初余额有误"})
        self.come(self.manager)
        self.call(self.ticket, "write", {"analysis": "汇率有误"})
        self.assertEqual(self.rows(), [("期初余额有误", "汇率有误"), (False, "期初余额有误")])

    def test_a_version_that_is_none_is_refused(self):
        self.come(self.specialist)
        for version in ("x", "7", "[1]", 7):
            self.assertIn("Reload", self.refused_text({"texts_version": version, "analysis": "x"}))
        self.ticket.invalidate_recordset()
        self.assertFalse(self.ticket.analysis)

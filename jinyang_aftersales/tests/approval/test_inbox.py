from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .. import common
from ..common_rpc import RpcClient

APPROVAL = "jinyang_aftersales.mail_activity_approval"


class InboxCommon(common.AftersalesCommon):
    """Submitted applications: the simplest document that is approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the texts are compared in English, also in a database that only has Chinese
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].search([("login", "=like", "aftersales_%")]).lang = "en_US"

    @classmethod
    def submit(cls, count=1, user=None, **values):
        """:return: submitted applications of the specialist"""
        company = values.get("company_id", cls.company.id)
        applications = (
            cls.env["aftersales.application"]
            .with_user(user or cls.specialist)
            .with_context(allowed_company_ids=[company])
        )
        for _number in range(count):
            applications += applications.create(
                {
                    "kind": "data_clearing",
                    "partner_id": cls.make_customer().id,
                    "description": "Orders of 2019",
                    "company_id": company,
                    "original_holder_id": (user or cls.specialist).id,
                    **values,
                }
            )
        applications.action_submit()
        return applications.with_env(cls.env)

    def inbox(self, user, documents=None):
        """:return: the open approvals in a user's inbox, as that user"""
        activities = self.env["mail.activity"].with_user(user).search([("user_id", "=", user.id)])
        if documents is not None:
            activities = activities.filtered(lambda row: row.res_id in documents.ids)
        return activities._filter_approvals()

    def groups(self, user):
        return self.env["res.users"].with_user(user)._get_activity_groups()

    def wizard(self, activities, opinion=False, decision=None):
        """:return: the dialogue of a manager for these activities, filled in as by the web client"""
        action = activities.with_context(decision=decision).action_open_decision()
        wizards = self.env[action["res_model"]].with_user(activities.env.user)
        return wizards.with_context(**action["context"]).create({"opinion": opinion})


@tagged("post_install", "-at_install")
class TestInbox(InboxCommon):
    # === The activity menu === #

    def test_menu_counts_what_waits_for_the_user_on_top(self):
        self.submit(3)
        self.submit(1, user=self.manager)
        group = self.groups(self.manager)[0]
        self.assertEqual(group["name"], "To approve: 3")
        self.assertEqual(group["type"], "aftersales_approval")
        self.assertEqual(min(row["id"] for row in self.groups(self.manager)), group["id"])
        self.assertEqual(self.groups(self.director)[0]["name"], "To approve: 1")
        for user in (self.specialist, self.callback, self.employee):
            self.assertFalse(
                [row for row in self.groups(user) if row["type"] == "aftersales_approval"]
            )

    def test_rows_of_the_kinds_and_the_bell_count_as_before(self):
        documents = self.submit(2)
        documents[0].activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        rows = {row["model"]: row for row in self.groups(self.manager)}
        self.assertEqual(rows["aftersales.application"]["today_count"], 2)
        self.assertEqual(rows["aftersales.application"]["type"], "activity")
        self.assertEqual(sum(row["total_count"] for row in rows.values()), 2)

    def test_row_vanishes_with_the_last_decision(self):
        self.submit(2)
        self.inbox(self.manager)[:1].action_approve_document()
        self.assertEqual(self.groups(self.manager)[0]["name"], "To approve: 1")
        self.inbox(self.manager).action_refuse_document("No stamp")
        self.assertNotIn("aftersales_approval", [row["type"] for row in self.groups(self.manager)])

    def test_count_follows_the_companies_at_work(self):
        self.submit(1)
        other = self.make_company()
        for user in (self.manager, self.specialist):
            user.company_ids += other
        self.submit(1, company_id=other.id)
        users = self.env["res.users"].with_user(self.manager)
        for companies, count in ((self.company, 1), (other, 1), (self.company | other, 2)):
            at_work = users.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(at_work._aftersales_count_approvals(), count)

    def test_list_shows_what_is_asked_since_when_and_by_whom(self):
        document = self.submit()
        action = self.env.ref("jinyang_aftersales.mail_activity_action_approval")
        found = self.env["mail.activity"].with_user(self.manager)
        found = found.search([("approval_id.decision", "=", "pending")])
        self.assertIn("('approval_id.decision', '=', 'pending')", action.domain)
        self.assertRecordValues(
            found,
            [
                {
                    "res_name": document.display_name,
                    "approval_partner_id": document.partner_id.id,
                    "approval_requested_by_id": self.specialist.id,
                    "approval_requested_on": document.approval_id.requested_on,
                    "can_decide": True,
                }
            ],
        )
        opened = found.action_open_document()
        self.assertEqual((opened["res_model"], opened["res_id"]), (document._name, document.id))

    def test_inbox_tells_what_is_asked_in_the_managers_language(self):
        document = self.submit(description="Orders of 2019\nand their invoices")
        activity = self.inbox(self.manager)
        self.assertEqual(activity.summary, "Orders of 2019 and their invoices")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.ref(APPROVAL).with_context(lang="zh_CN").summary = "请审批"
        self.director.lang = "zh_CN"
        own = self.submit(1, user=self.manager, kind="password", description=False)
        self.assertEqual(own.activity_ids.user_id, self.director)
        self.assertEqual(own.activity_ids.res_name, own.with_context(lang="zh_CN").display_name)
        self.assertEqual(own.activity_ids.summary, "请审批")
        self.assertEqual(activity.res_name, document.display_name)

    def test_caller_cannot_submit_without_the_managers_being_asked(self):
        draft = self.submit()
        draft.with_user(self.specialist).action_withdraw()
        skipping = draft.with_user(self.specialist).with_context(mail_activity_automation_skip=True)
        skipping.action_submit()
        self.assertEqual(draft.activity_ids.user_id, self.manager)

    # === Who decides where === #

    def test_client_is_told_who_may_decide(self):
        second = self.make_user("manager2", "jinyang_aftersales.group_manager")
        document = self.submit()
        activities = document.activity_ids
        for user, at in (
            (self.manager, self.manager),
            (second, second),
            (self.director, self.manager | second),
            (self.specialist, self.env["res.users"]),
            (self.callback, self.env["res.users"]),
        ):
            rows = activities.with_user(user)
            data = Store().add(rows).get_result()["mail.activity"]
            told = {row["id"] for row in data if row["can_decide"]}
            self.assertEqual(rows.browse(told).user_id, at, user.name)
            self.assertEqual({row["approval_id"] for row in data}, set(document.approval_ids.ids))

    def test_requester_does_not_decide_and_neither_does_the_specialist_assigned(self):
        own = self.submit(1, user=self.manager)
        self.assertFalse(own.activity_ids.with_user(self.manager).can_decide)
        self.assertTrue(own.activity_ids.with_user(self.director).can_decide)
        worker = self.submit(1)
        # as it was before a submitted application kept its specialist
        worker._write_unlocked({"user_id": self.manager.id})
        self.assertFalse(worker.activity_ids.with_user(self.manager).can_decide)

    def test_who_may_not_read_the_document_decides_nothing(self):
        other = self.make_company()
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        activity = self.submit().activity_ids
        with self.assertRaises(AccessError):
            activity.with_user(stranger).action_approve_document()

    def test_ordinary_activities_are_done_as_before(self):
        document = self.submit()
        activity = document.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        ).with_user(self.manager)
        self.assertFalse(activity.can_decide)
        activity.action_feedback("Called")
        self.assertFalse(activity.active)
        self.assertEqual(document.state, "submitted")

    # === One by one === #

    def test_bulk_decides_each_by_itself_and_names_what_failed(self):
        documents = self.submit(4)
        wizard = self.wizard(self.inbox(self.manager), "Take a backup first")
        documents[1].with_user(self.director).action_refuse("No stamp")
        action = wizard.action_approve()
        self.assertEqual(documents.mapped("state"), ["approved", "refused", "approved", "approved"])
        self.assertEqual(documents[0].approval_ids.mapped("opinion"), ["Take a backup first"])
        message = action["params"]["message"].splitlines()
        self.assertEqual(message[0], "3 approved.")
        self.assertEqual(message[1], "1 not approved:")
        self.assertIn(documents[1].name, message[2])
        self.assertIn("already been decided by Director: Refused", message[2])
        self.assertEqual(len(message), 3)
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")

    def test_what_fails_in_the_middle_leaves_nothing_half_made(self):
        documents = self.submit(3)

        after_decision = type(documents)._after_decision

        def fail(document, said):
            if document == documents[1]:
                raise UserError(self.env._("The stamp machine burns"))
            return after_decision(document, said)

        self.patch(type(documents), "_after_decision", fail)
        action = self.wizard(self.inbox(self.manager)).action_approve()
        self.assertEqual(documents.mapped("state"), ["approved", "submitted", "approved"])
        self.assertEqual(documents[1].approval_ids.mapped("decision"), ["pending"])
        self.assertEqual(self.inbox(self.manager).mapped("res_id"), documents[1].ids)
        self.assertIn(f"{documents[1].display_name}: The stamp", action["params"]["message"])

    def test_one_alone_is_refused_to_the_face(self):
        document = self.submit()
        wizard = self.wizard(self.inbox(self.manager))
        document.with_user(self.director).action_approve()
        with self.assertRaisesRegex(UserError, "already been decided by Director"):
            wizard.action_approve()

    def test_bulk_refusing_needs_a_reason(self):
        documents = self.submit(2)
        wizard = self.wizard(self.inbox(self.manager), "  ", decision="refused")
        self.assertEqual(wizard.decision, "refused")
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_refuse()
        wizard.opinion = "No stamp"
        wizard.action_refuse()
        self.assertEqual(documents.mapped("approval_opinion"), ["No stamp", "No stamp"])

    def test_rows_of_two_managers_about_one_document_are_one_decision(self):
        self.make_user("manager2", "jinyang_aftersales.group_manager")
        document = self.submit()
        wizard = self.wizard(document.activity_ids.with_user(self.manager))
        self.assertEqual(len(wizard.approval_ids), 1)
        wizard.action_approve()
        self.assertEqual(document.state, "approved")

    def test_what_was_decided_before_the_window_opened_is_counted(self):
        self.submit(3)
        rows = self.inbox(self.manager)
        rows[0].action_approve_document()
        self.assertEqual(self.wizard(rows).missing_count, 1)
        rows[1:].action_approve_document()
        with self.assertRaisesRegex(UserError, "already been decided"):
            rows.action_open_decision()

    def test_button_of_the_form_asks_the_same_way(self):
        document = self.submit()
        action = document.with_user(self.manager).action_open_decision()
        self.assertEqual(action["context"]["default_approval_ids"], document.approval_ids.ids)
        document.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "already been decided by Manager"):
            document.with_user(self.manager).action_open_decision()

    # === What the manager saw === #

    def test_second_decision_from_a_stale_page_is_told_who_was_faster(self):
        document = self.submit()
        activity, approval = self.inbox(self.manager), document.approval_ids
        document.with_user(self.director).action_refuse("No stamp")
        with self.assertRaisesRegex(UserError, "already been decided by Director: Refused"):
            activity.action_approve_document(approval_ids=approval.ids)
        with self.assertRaisesRegex(UserError, "already been decided"):
            activity.action_approve_document()
        self.assertEqual(document.state, "refused")

    def test_what_was_submitted_again_is_not_decided_from_a_stale_page(self):
        document = self.submit()
        wizard = self.wizard(self.inbox(self.manager))
        mine = document.with_user(self.specialist)
        mine.action_withdraw()
        mine.description = "All orders"
        mine.action_submit()
        with self.assertRaisesRegex(UserError, "submitted again meanwhile"):
            wizard.action_approve()
        self.assertEqual(document.state, "submitted")
        self.inbox(self.manager).action_approve_document()

    def test_cancelled_draft_was_never_withdrawn(self):
        draft = self.env["aftersales.application"].create(
            {
                "kind": "password",
                "partner_id": self.make_customer().id,
                "company_id": self.company.id,
            }
        )
        before = draft.message_ids
        draft.action_cancel()
        self.assertNotIn("Withdrawn", str((draft.message_ids - before).mapped("body")))

    # === Forging === #

    def test_changed_type_or_submission_makes_no_approval(self):
        document = self.submit()
        activity = document.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        ).with_user(self.manager)
        for vals in (
            {"activity_type_id": self.env.ref(APPROVAL).id},
            {"approval_id": document.approval_ids.id},
        ):
            with self.assertRaisesRegex(UserError, "Submit the document"), self.cr.savepoint():
                activity.write(vals)
            with self.assertRaisesRegex(UserError, "Submit the document"), self.cr.savepoint():
                document.activity_schedule(user_id=self.manager.id, **vals)

    # === Speed === #

    def test_inbox_asks_the_database_as_often_for_25_as_for_5(self):
        specification = {
            "res_name": {},
            "approval_partner_id": {"fields": {"display_name": {}}},
            "approval_requested_by_id": {"fields": {"display_name": {}}},
            "approval_requested_on": {},
            "date_deadline": {},
            "can_decide": {},
        }
        activities = self.env["mail.activity"].with_user(self.manager)
        domain = [("approval_id.decision", "=", "pending")]

        def queries():
            counts = []
            for read in (
                lambda: activities.web_search_read(domain, specification),
                lambda: Store().add(activities.search(domain)).get_result(),
                lambda: self.groups(self.manager),
            ):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                read()
                counts.append(self.cr.sql_log_count - before)
            return counts

        self.submit(5)
        queries()
        few = queries()
        self.submit(20)
        self.assertEqual(len(activities.search(domain)), 25)
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestInboxRpc(RpcClient, InboxCommon, HttpCase):
    """The same rules by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.submit(2)
        cls.rows = cls.documents.activity_ids

    def test_only_managers_decide(self):
        approvals = self.documents.approval_ids
        for user in (
            self.specialist,
            self.colleague,
            self.callback,
            self.archivist,
            self.developer,
            self.employee,
            self.accountant,
        ):
            self.come(user)
            for method in ("action_approve_document", "action_refuse_document"):
                self.assertRefusedRpc("mail.activity", method, self.rows.ids, opinion="Yes")
            self.assertRefusedRpc(
                "aftersales.approval.decide", "create", [{"approval_ids": approvals.ids}]
            )
            self.assertRefusedRpc("mail.activity", "action_feedback", self.rows.ids, feedback="Yes")
            self.assertRefusedRpc("mail.activity", "unlink", self.rows.ids)
        self.env.invalidate_all()
        self.assertEqual(set(self.documents.mapped("state")), {"submitted"})
        self.assertEqual(len(self.rows.exists()), 2)

    def test_private_ways_and_rows_are_closed(self):
        self.come(self.manager)
        approvals = self.documents.approval_ids
        for method in ("_decide_documents", "write", "unlink"):
            args = [{"decision": "approved"}] if method == "write" else []
            self.assertRefusedRpc("aftersales.approval", method, approvals.ids, *args)
        for vals in ({"approval_id": False}, {"user_id": self.director.id}, {"active": False}):
            self.assertRefusedRpc("mail.activity", "write", self.rows.ids, vals)

    def test_manager_decides_in_bulk(self):
        self.come(self.manager)
        action = self.rpc(
            "mail.activity",
            "action_open_decision",
            self.rows.ids,
            context={"decision": "approved"},
        )
        self.assertEqual(action["name"], "Approve")
        [wizard] = self.rpc(
            "aftersales.approval.decide",
            "create",
            [{"opinion": "<b>好</b>\r\n🙂"}],
            context=action["context"],
        )
        answer = self.rpc("aftersales.approval.decide", "action_approve", [wizard])
        self.assertEqual(answer["params"]["message"], "2 approved.")
        self.env.invalidate_all()
        self.assertEqual(set(self.documents.mapped("state")), {"approved"})
        self.assertEqual(set(self.documents.approval_ids.mapped("opinion")), {"<b>好</b>\r\n🙂"})
        body = self.documents[0].message_ids.filtered(lambda row: "Approved" in row.body).body
        self.assertIn("&lt;b&gt;", body)

    def test_manager_of_another_company_decides_nothing(self):
        other = self.make_company()
        stranger = new_test_user(
            self.env,
            "aftersales_stranger",
            groups="jinyang_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.come(stranger)
        self.assertRefusedRpc("mail.activity", "action_approve_document", self.rows.ids)
        approvals = self.documents.approval_ids
        self.assertRefusedRpc(
            "aftersales.approval.decide", "create", [{"approval_ids": approvals.ids}]
        )

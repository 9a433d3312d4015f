import base64
from functools import partial

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .. import common

PDF = base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()

ROLES = (
    "director",
    "manager",
    "specialist",
    "colleague",
    "callback",
    "archivist",
    "developer",
    "employee",
)
KEEPERS = {"director", "manager", "archivist"}
READERS = set(ROLES) - {"employee"}
NO_RULE = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class RightsCommon(common.AftersalesCommon):
    """Tries allowed and refused actions of a role, each in a savepoint."""

    def outcome(self, attempt):
        """:return: ``done``, or the name of the error"""
        savepoint = self.cr.savepoint()
        try:
            with mute_logger(*NO_RULE):
                attempt()
                self.env.flush_all()
            return "done"
        except (AccessError, UserError) as error:
            return type(error).__name__
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def role(self, name):
        return getattr(self, name)

    def rpc(self, model, method, *args, **kwargs):
        """:return: ``done``, or the name of the error, of a call by RPC"""
        try:
            with mute_logger("odoo.http", *NO_RULE):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/{method}",
                    {"model": model, "method": method, "args": args, "kwargs": kwargs},
                )
        except JsonRpcException as error:
            return "AccessError" if "AccessError" in str(error) else "UserError"
        return "done"


@freeze_time("2026-03-12 02:00:00")
class EntryCommon(RightsCommon):
    STATES = ("expected", "filed", "on_loan", "lost", "withdrawn")
    # action: its arguments and the states that offer it
    ACTIONS = {
        "action_receive": ((), {"expected"}),
        "action_file": ((), {"expected"}),
        "action_lend": (("colleague", "2026-03-20"), {"filed"}),
        "action_return": ((), {"on_loan"}),
        "action_lose": (("left in the train",), {"expected", "filed", "on_loan"}),
        "action_find": ((), {"lost"}),
        "action_correct": (({"place": "B"}, "moved"), {"filed", "on_loan", "lost"}),
        "action_withdraw": (("there is none",), {"expected"}),
        "action_reopen": ((), {"withdrawn"}),
    }

    def make_entry(self, state="expected", **values):
        entry = self.env["aftersales.archive.entry"].create(
            {
                "kind": "data_clearing",
                "document_name": "Paper",
                "place": "A",
                "holder_id": self.specialist.id,
                **values,
            }
        )
        if state in ("filed", "on_loan", "lost"):
            entry.action_file()
        if state == "on_loan":
            entry.action_lend(self.specialist.id, "2026-03-20")
        if state == "lost":
            entry.action_lose("left in the train")
        if state == "withdrawn":
            entry.action_withdraw("there is none")
        self.assertEqual(entry.state, state)
        return entry

    def arguments(self, action):
        return tuple(
            self.role(value).id if value in ROLES else value for value in self.ACTIONS[action][0]
        )


@tagged("post_install", "-at_install")
class TestArchiveRights(EntryCommon):
    """Every role, in every state of an original."""

    @freeze_time("2026-03-12 02:00:00")
    def test_steps(self):
        for state in self.STATES:
            entry = self.make_entry(state)
            for name in ROLES:
                entry_of_role = entry.with_user(self.role(name))
                self.assertEqual(entry_of_role.has_access("write"), name in KEEPERS, (state, name))
                for action, (_arguments, states) in self.ACTIONS.items():
                    if name not in KEEPERS and state not in states:
                        # no right to write it, which each step asks for first
                        continue
                    call = getattr(entry_of_role, action)
                    result = self.outcome(partial(call, *self.arguments(action)))
                    expected = "AccessError"
                    if name in KEEPERS:
                        expected = "done" if state in states else "UserError"
                    self.assertEqual(result, expected, (state, action, name))

    @freeze_time("2026-03-12 02:00:00")
    def test_hand_over(self):
        for state in self.STATES:
            entry = self.make_entry(state)
            if state in ("filed", "lost", "withdrawn"):
                entry._write_unlocked({"holder_id": self.specialist.id})
            for name in ROLES:
                call = partial(entry.with_user(self.role(name)).action_hand_over, self.colleague.id)
                expected = "AccessError"
                if state not in ("expected", "on_loan"):
                    expected = "UserError" if name in READERS else "AccessError"
                elif name in KEEPERS | {"specialist"}:
                    expected = "done"
                self.assertEqual(self.outcome(call), expected, (state, name))

    @freeze_time("2026-03-12 02:00:00")
    def test_read_create_write_delete(self):
        for state in self.STATES:
            entry = self.make_entry(state)
            for name in ROLES:
                mine = entry.with_user(self.role(name))
                keeper = name in KEEPERS
                self.assertEqual(
                    self.outcome(lambda e=mine: e.read(["document_name", "scan"])),
                    "done" if name in READERS else "AccessError",
                    name,
                )
                if state == self.STATES[0]:
                    self.assertEqual(
                        self.outcome(
                            lambda e=mine: e.create({"kind": "appraisal", "document_name": "x"})
                        ),
                        "done" if keeper else "AccessError",
                        name,
                    )
                self.assertEqual(
                    self.outcome(lambda e=mine: e.write({"place": "B"})) == "done",
                    keeper and state == "expected",
                    (state, name),
                )
                for values in (
                    {"state": "filed" if state != "filed" else "expected"},
                    {"name": "QC2026-0099"},
                    {"holder_id": self.colleague.id},
                    {"date_deadline": "2027-01-01"},
                    {"lost_holder_id": self.colleague.id},
                ):
                    result = self.outcome(lambda e=mine, v=values: e.write(v))
                    self.assertIn(result, ("AccessError", "UserError"), (state, name, values))
                self.assertEqual(self.outcome(mine.unlink), "AccessError", name)

    def test_settings_of_a_register(self):
        register = self.env["aftersales.archive.register"]._get(self.company, "appraisal")
        for name in ROLES:
            mine = register.with_user(self.role(name))
            self.assertEqual(
                self.outcome(lambda r=mine: r.write({"retention_years": 8})),
                "done" if name in ("director", "manager") else "AccessError",
                name,
            )
            self.assertEqual(self.outcome(mine.unlink), "AccessError")

    def test_what_has_no_day_cannot_be_delayed(self):
        entry = self.make_entry()
        entry._write_unlocked({"date_deadline": False})
        self.assertFalse(entry.with_user(self.manager).can_delay)

    def test_buttons_show_what_is_allowed(self):
        entry = self.make_entry()
        entry._write_unlocked({"date_deadline": "2030-01-01"})
        for name in ROLES:
            if name in READERS:
                mine = entry.with_user(self.role(name))
                self.assertEqual(mine.can_keep, name in KEEPERS, name)
                self.assertEqual(mine.can_hand_over, name in KEEPERS | {"specialist"}, name)
                self.assertEqual(
                    mine.can_delay, name in ("director", "manager", "specialist"), name
                )


@tagged("post_install", "-at_install")
class TestArchiveRpc(EntryCommon, HttpCase):
    """The same over the wire: each role tries each step where the state offers it."""

    def test_steps_over_the_wire(self):
        state_of = {
            "action_receive": "expected",
            "action_hand_over": "expected",
            "action_withdraw": "expected",
            "action_lose": "expected",
            "action_file": "expected",
            "action_lend": "filed",
            "action_return": "on_loan",
            "action_find": "lost",
            "action_correct": "filed",
            "action_reopen": "withdrawn",
        }
        model = "aftersales.archive.entry"
        # an entry whose step was refused is used for the next role
        entries = {}
        for name in ROLES:
            self.authenticate(self.role(name).login, self.role(name).login)
            for action, state in state_of.items():
                entry = entries.pop(state, None) or self.make_entry(state)
                arguments = (
                    (self.colleague.id,) if action == "action_hand_over" else self.arguments(action)
                )
                if action == "action_lend":
                    arguments = (self.colleague.id, str(self.company._aftersales_today()))
                allowed = KEEPERS | ({"specialist"} if action == "action_hand_over" else set())
                self.assertEqual(
                    self.rpc(model, action, entry.ids, *arguments),
                    "done" if name in allowed else "AccessError",
                    (name, action),
                )
                if name not in allowed:
                    entries[state] = entry
            entry = entries.pop("filed", None) or self.make_entry("filed")
            for method, arguments in (
                ("write", (entry.ids, {"place": "B"})),
                ("web_save", (entry.ids, {"state": "lost", "lost_reason": "x"}, {"name": {}})),
                ("unlink", (entry.ids,)),
                ("_hand_over", (entry.ids, self.colleague.id)),
                ("_step", (entry.ids, "action_lose")),
            ):
                self.assertNotEqual(self.rpc(model, method, *arguments), "done", (name, method))
            self.env.invalidate_all()
            self.assertEqual(entry.state, "filed")

    def make_entry(self, state="expected", **values):
        # the date of the server, whose thread has no frozen clock
        entry = super().make_entry("filed" if state == "on_loan" else state, **values)
        if state == "on_loan":
            entry.action_lend(self.specialist.id, self.company._aftersales_today())
        return entry


class ApplicationRights(RightsCommon):
    STATES = ("draft", "submitted", "approved", "done", "refused", "cancelled")
    ACTIONS = {
        "action_submit": ((), {"draft"}),
        "action_withdraw": ((), {"submitted"}),
        "action_execute": ((), {"approved"}),
        "action_cancel": ((), {"draft", "submitted", "approved"}),
        "action_draft": ((), {"refused", "cancelled"}),
        "action_approve": (("fine",), {"submitted"}),
        "action_refuse": (("no",), {"submitted"}),
    }
    # the specialist made the application; the customer is not in the colleague's reach
    WRITERS = {"director", "manager", "specialist"}

    def make_application(self, state):
        application = (
            self.env["aftersales.application"]
            .with_user(self.specialist)
            .create(
                {
                    "kind": "data_clearing",
                    "partner_id": self.make_customer().id,
                    "description": "Orders of 2019",
                    "scan": PDF,
                }
            )
        )
        if state == "cancelled":
            application.action_cancel()
        elif state != "draft":
            application.action_submit()
        if state in ("approved", "done"):
            application.with_user(self.manager).action_approve()
            application.write({"tool_used": "Cleaner 2.1", "backup_taken": True})
        if state == "done":
            application.action_execute()
        if state == "refused":
            application.with_user(self.manager).action_refuse("no")
        self.assertEqual(application.state, state)
        return application

    def expected(self, name, state, action):
        """Expected outcome when a role tries an action in a state."""
        if name not in self.WRITERS:
            return "AccessError"
        decides = action in ("action_approve", "action_refuse")
        if state not in self.ACTIONS[action][1] or decides and name == "specialist":
            return "UserError"
        return "done"


@tagged("post_install", "-at_install")
class TestApplicationRights(ApplicationRights):
    """Every role, in every state of an application."""

    def test_actions(self):
        for state in self.STATES:
            application = self.make_application(state)
            for name in ROLES:
                own = application.with_user(self.role(name))
                self.assertEqual(own.has_access("write"), name in self.WRITERS, (state, name))
                for action, (arguments, states) in self.ACTIONS.items():
                    if name not in self.WRITERS and state not in states:
                        # no right to write it, which each step asks for first
                        continue
                    call = partial(getattr(own, action), *arguments)
                    self.assertEqual(
                        self.outcome(call),
                        self.expected(name, state, action),
                        (state, action, name),
                    )

    def test_read_create_write_delete(self):
        customer = self.make_customer()
        for state in self.STATES:
            application = self.make_application(state)
            for name in ROLES:
                mine = application.with_user(self.role(name))
                self.assertEqual(
                    self.outcome(lambda a=mine: a.read(["description", "scan", "state"])),
                    "done" if name in READERS else "AccessError",
                    name,
                )
                if state == self.STATES[0]:
                    self.assertEqual(
                        self.outcome(
                            lambda a=mine: a.create({"kind": "password", "partner_id": customer.id})
                        ),
                        "done" if name in self.WRITERS | {"colleague"} else "AccessError",
                        name,
                    )
                self.assertEqual(
                    self.outcome(lambda a=mine: a.write({"description": "All"})) == "done",
                    state == "draft" and name in self.WRITERS,
                    (state, name),
                )
                for values in ({"state": "done" if state != "done" else "draft"}, {"name": "SQ1"}):
                    result = self.outcome(lambda a=mine, v=values: a.write(v))
                    self.assertIn(result, ("AccessError", "UserError"), (state, name, values))
                deleted = "done" if state == "draft" else "UserError"
                self.assertEqual(
                    self.outcome(mine.unlink),
                    deleted if name in self.WRITERS else "AccessError",
                    (state, name),
                )


@tagged("post_install", "-at_install")
class TestApplicationRpc(ApplicationRights, HttpCase):
    def test_actions_over_the_wire(self):
        # an application whose step was refused is used for the next role
        applications = {}
        for name in ROLES:
            self.authenticate(self.role(name).login, self.role(name).login)
            for action, (arguments, states) in self.ACTIONS.items():
                state = sorted(states)[0]
                application = applications.pop(state, None) or self.make_application(state)
                expected = self.expected(name, state, action)
                self.assertEqual(
                    self.rpc("aftersales.application", action, application.ids, *arguments),
                    expected,
                    (name, action),
                )
                if expected != "done":
                    applications[state] = application

"""Who may do what with call-backs: every role, every state, every step, by the ORM and by RPC."""

from functools import partial

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from . import callback_common

ROLES = (
    "director",
    "manager",
    "caller",
    "callback",
    "specialist",
    "colleague",
    "archivist",
    "developer",
    "employee",
    "accountant",
)
STATES = ("todo", "escalated", "done", "cancelled")
MANAGERS = {"director", "manager"}
# the calls are assigned to the colleague; the specialist did the work
CALLERS = MANAGERS | {"caller", "callback", "colleague"}
READERS = CALLERS | {"specialist", "archivist", "developer"}
# step: its arguments, the states that offer it, who may take it
STEPS = {
    "action_record": (("reached", False, False, "All is well"), {"todo"}, CALLERS),
    "action_assign": (("colleague",), {"escalated"}, MANAGERS),
    "action_cancel": (("no longer needed",), {"todo"}, MANAGERS),
}


class CallbackRights(callback_common.CallbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a second call-back specialist, without a call
        cls.caller = cls.make_user("caller", "jinyang_aftersales.group_callback")

    def make_call(self, state):
        call = self.open_call().sudo()
        call.user_id = self.colleague
        if state == "cancelled":
            call.with_user(self.manager).action_cancel("no longer needed")
        elif state != "todo":
            call.with_user(self.callback).action_record(
                "reached", note="Thanks", open_question=state == "escalated" and "Why?"
            )
        self.assertEqual(call.state, state)
        return call

    def arguments(self, step):
        return [
            getattr(self, value).id if value == "colleague" else value for value in STEPS[step][0]
        ]

    def expected(self, state, step, role):
        return state in STEPS[step][1] and role in STEPS[step][2]


@tagged("post_install", "-at_install")
class TestCallbackRights(CallbackRights):
    def outcome(self, attempt):
        """:return: whether it succeeded; it is rolled back in any case"""
        savepoint = self.cr.savepoint()
        try:
            attempt()
            self.env.flush_all()
            return True
        except (AccessError, UserError):
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_every_role_takes_the_steps_it_may_and_no_other(self):
        for state in STATES:
            call = self.make_call(state)
            for step in STEPS:
                for role in ROLES:
                    own = call.with_user(getattr(self, role))
                    done = self.outcome(partial(getattr(own, step), *self.arguments(step)))
                    self.assertEqual(done, self.expected(state, step, role), (state, step, role))

    def test_reading_writing_creating_and_deleting(self):
        values = {"kind": "routine", "partner_id": self.customer.id}
        for state in STATES:
            call = self.make_call(state)
            for role in ROLES:
                user = getattr(self, role)
                own, calls = call.with_user(user), self.calls.with_user(user)
                planner = role in MANAGERS | {"caller", "callback"}
                with self.subTest(state=state, role=role):
                    self.assertEqual(self.outcome(lambda o=own: o.read(["state"])), role in READERS)
                    self.assertEqual(
                        self.outcome(lambda o=own: o.write({"note": "x"})), role in CALLERS
                    )
                    self.assertEqual(
                        self.outcome(lambda o=own: o.write({"due_date": "2026-12-24"})),
                        planner and state == "todo",
                    )
                    if state == STATES[0]:
                        self.assertEqual(self.outcome(lambda c=calls: c.create(values)), planner)
                    self.assertFalse(self.outcome(own.unlink))
                    for target in set(STATES) - {state}:
                        self.assertFalse(
                            self.outcome(lambda o=own, t=target: o.write({"state": t}))
                        )

    def test_who_did_the_work_takes_no_step_whatever_the_role(self):
        self.specialist.group_ids += self.env.ref("jinyang_aftersales.group_director")
        call = self.make_call("todo").with_user(self.specialist)
        self.assertFalse(self.outcome(lambda: call.action_record("reached", note="All is well")))
        self.assertFalse(self.outcome(lambda: call.write({"user_id": self.specialist.id})))
        self.assertFalse(self.outcome(lambda: call.action_cancel("no longer needed")))
        self.assertFalse(call.can_record)


@tagged("post_install", "-at_install")
class TestCallbackRightsRpc(RpcClient, CallbackRights, HttpCase):
    def test_every_role_over_the_wire(self):
        """Each step in the states that offer it, one in a state without steps, and a method that is no step."""
        calls = {}
        for role in ROLES:
            self.come(getattr(self, role))
            for step, state in (
                *((step, state) for step, row in STEPS.items() for state in row[1]),
                ("action_record", "done"),
            ):
                # a call whose step was refused is used for the next role
                call = calls.get(state) or self.make_call(state)
                done = self.takes(call, step, *self.arguments(step))
                self.assertEqual(done, self.expected(state, step, role), (role, state, step))
                calls[state] = None if done else call
            call = calls["done"]
            self.assertEqual(self.takes(call, "read", ["state"]), role in READERS)
            self.assertFalse(self.takes(call, "write", {"state": "done", "result": "reached"}))

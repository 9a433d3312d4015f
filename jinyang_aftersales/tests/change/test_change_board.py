"""The board: dragging a card takes the step to that state, or the card stays."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .change_common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeBoard(ChangeCommon):
    def drag(self, change, state):
        """Send the call of the board for a dropped card."""
        return change.web_save({"state": state}, {"state": {}})

    def test_developer_drags_his_card_to_development_and_to_the_test(self):
        change = self.make_change(state="approved").with_user(self.developer)
        self.assertEqual(self.drag(change, "development")[0]["state"], "development")
        self.assertEqual(change.developer_id, self.developer)
        self.assertEqual(self.drag(change, "testing")[0]["state"], "testing")
        self.assertEqual(change.test_round, 1)

    def test_card_goes_no_way_that_does_not_exist(self):
        change = self.make_change(state="approved").with_user(self.developer)
        for state in ("testing", "deploying", "done", "confirmed", "nowhere", False):
            with self.assertRaises(UserError, msg=state):
                self.drag(change, state)
        self.assertEqual(change.state, "approved")

    def test_step_that_needs_to_know_more_is_not_taken_by_dragging(self):
        change = self.make_change(state="testing")
        for state in ("deploying", "development"):
            with self.assertRaisesRegex(UserError, "use its buttons"):
                self.drag(change, state)
        confirmed = self.make_change(state="confirmed").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "use its buttons"):
            self.drag(confirmed, "approved")

    def test_dragging_is_refused_with_the_obstacle(self):
        change = self.make_change(state="submitted")
        with self.assertRaisesRegex(UserError, "Confirmed Need"):
            self.drag(change, "confirmed")
        deploying = self.make_change(state="deploying")
        with self.assertRaisesRegex(UserError, "not been updated"):
            self.drag(deploying, "done")

    def test_dragging_gives_no_right(self):
        change = self.make_change(state="approved")
        for user in (self.specialist, self.colleague, self.callback, self.archivist):
            with self.assertRaises(UserError):
                self.drag(change.with_user(user), "development")
        with self.assertRaises(AccessError):
            self.drag(self.make_change().with_user(self.colleague), "submitted")

    def test_each_role_drags_along_its_own_moves_and_no_other(self):
        work = {("approved", "development"), ("development", "testing")}
        service = {
            ("draft", "submitted"),
            ("submitted", "draft"),
            ("submitted", "confirmed"),
            ("deploying", "done"),
        }
        states = self.env["aftersales.change.request"]._fields["state"].get_values(self.env)
        ready = {state: self.make_change(state=state) for state in states}
        ready["submitted"].confirmed_need = "Two columns"
        ready["deploying"].action_deploy()
        ready["deploying"].action_record_opinion("satisfied")
        ready["approved"].with_user(self.manager).developer_id = self.developer
        for user, moves in (
            (self.specialist, service),
            (self.developer, work),
            (self.manager, service | work),
            (self.director, service | work),
            (self.colleague, set()),
            (self.callback, set()),
            (self.archivist, set()),
            (self.employee, set()),
            (self.accountant, set()),
        ):
            done = set()
            for state, change in ready.items():
                own = change.with_user(user)
                for target in self.targets(own, states) - {state}:
                    if self.try_drag(own, target):
                        done.add((state, target))
            self.assertEqual(done, moves, user.login)

    def targets(self, change, states):
        """Columns to drag a card to: all for the manager, for others those that are not refused by a quick check."""
        if change.env.user == self.manager:
            return set(states)
        state = change.sudo().state
        first = {step.target for step in change._steps if step.source == state}
        if not change.has_access("write"):
            # without the right to write the card, one column is tried as an example
            return set(sorted(first or states)[:1])
        return first

    def try_drag(self, change, state):
        """:return: whether the card changed its state; it is rolled back"""
        savepoint = self.env.cr.savepoint()
        try:
            self.drag(change, state)
            return change.sudo().state == state
        except UserError:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_dropped_where_it_was_nothing_happens(self):
        change = self.make_change(state="approved").with_user(self.developer)
        self.assertEqual(self.drag(change, "approved")[0]["state"], "approved")

    def test_state_together_with_other_fields_is_no_drag(self):
        change = self.make_change(state="approved").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Use the buttons"):
            change.write({"state": "development", "estimated_hours": 2})

    def test_board_has_the_columns_from_the_approval_on(self):
        self.make_change(state="approved")
        model = self.env["aftersales.change.request"].with_context(
            aftersales_board=True, read_group_expand=True
        )
        found = model.web_read_group([("state", "=", "approved")], ["state"], ["__count"])
        self.assertEqual(
            [group["state"] for group in found["groups"]],
            ["approved", "development", "testing", "deploying", "done"],
        )

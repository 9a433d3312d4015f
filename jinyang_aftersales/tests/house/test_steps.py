"""The tables of steps and of fields by state only name existing states, methods and fields."""

from collections import Counter, defaultdict

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSteps(TransactionCase):
    """Checks of every model with steps, in all installed addons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = sorted(cls.env.registry.descendants(["aftersales.steps.mixin"], "_inherit"))
        cls.models = [cls.env[name] for name in names if not cls.env[name]._abstract]

    def states(self, model):
        return set(model._fields[model._state_field].get_values(self.env))

    def test_steps_lead_from_state_to_state_by_an_action_there_is(self):
        self.assertGreater(len(self.models), 6)
        for model in self.models:
            states = self.states(model)
            with self.subTest(model=model._name):
                self.assertTrue(model._steps)
            for step in model._steps:
                with self.subTest(model=model._name, step=step):
                    self.assertLessEqual({step.source, step.target}, states)
                    self.assertNotEqual(step.source, step.target)
                    self.assertTrue(callable(getattr(model, step.action, None)))
                    self.assertLessEqual(set(step.needed), model._fields.keys())

    def test_every_state_has_a_step(self):
        for model in self.models:
            with self.subTest(model=model._name):
                named = {state for step in model._steps for state in (step.source, step.target)}
                self.assertEqual(named, self.states(model))

    def test_a_card_is_dragged_along_one_step_only(self):
        for model in self.models:
            ways = Counter((step.source, step.target) for step in model._steps)
            for step in model._steps:
                if step.by_card:
                    with self.subTest(model=model._name, step=step):
                        self.assertEqual(ways[step.source, step.target], 1)

    def test_an_action_leads_to_one_state_unless_its_callers_say_where(self):
        several = defaultdict(set)
        for model in self.models:
            targets = defaultdict(set)
            for step in model._steps:
                targets[step.action].add(step.target)
            several[model._name] = {action for action, found in targets.items() if len(found) > 1}
        expected = {
            "aftersales.archive.entry": {"action_find"},
            "aftersales.change.request": {"action_record_test", "action_send_back"},
            "aftersales.penalty": {"action_waive"},
        }
        self.assertEqual(
            {name: actions for name, actions in several.items() if actions},
            {name: actions for name, actions in expected.items() if name in self.env},
        )

    def test_fields_are_written_in_states_there_are(self):
        for model in self.models:
            for table in (model._field_states, model._manager_field_states):
                for name, states in table.items():
                    with self.subTest(model=model._name, field=name):
                        self.assertIn(name, model._fields)
                        self.assertLessEqual(states, self.states(model))

    def test_managers_write_no_less_than_others(self):
        for model in self.models:
            for name, states in model._manager_field_states.items():
                with self.subTest(model=model._name, field=name):
                    self.assertGreater(states, model._field_states[name])

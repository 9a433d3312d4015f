"""Nobody is asked about a step that would be refused: it is checked first, then its user is asked."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestQuestions(TransactionCase):
    """Checks of every model with steps that ask before them, in all installed addons (G, words)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = sorted(cls.env.registry.descendants(["aftersales.reason.mixin"], "_inherit"))
        cls.models = [cls.env[name] for name in names if not cls.env[name]._abstract]

    def test_no_button_asks_before_the_server_has_checked(self):
        views = self.env["ir.ui.view"].search([("arch_db", "like", 'confirm="')])
        ours = [view.xml_id for view in views if view.xml_id.startswith("jinyang_aftersales")]
        self.assertFalse(ours, "let the button call a method that returns _ask_first()")

    def test_what_is_asked_about_is_a_method(self):
        self.assertTrue([model for model in self.models if model._get_asked_steps()])
        for model in self.models:
            for step in model._get_asked_steps() | model._get_reason_steps():
                with self.subTest(model=model._name, step=step):
                    self.assertTrue(callable(getattr(model, step, None)))

    def test_a_step_that_cannot_be_taken_is_refused_before_the_question(self):
        tried = 0
        for model in self.models:
            rows = getattr(model, "_steps", ())
            sources = {}
            for row in rows:
                sources.setdefault(row.action, set()).add(row.source)
            for step in model._get_asked_steps() | model._get_reason_steps():
                if step not in sources:
                    continue
                states = {state for row in rows for state in (row.source, row.target)}
                wrong = min(states - sources[step])
                document = model.new({model._state_field: wrong})
                with (
                    self.subTest(model=model._name, step=step),
                    self.assertRaises(UserError),
                ):
                    document._ask_first(step, "")
                tried += 1
        self.assertGreater(tried, 6)

    def test_the_dialogue_takes_no_other_method(self):
        dialogue = {"res_model": "aftersales.visit", "res_ids": [1]}
        for needs_reason, step in (
            (False, "unlink"),
            (False, "action_cancel"),
            (True, "action_reopen"),
        ):
            with self.subTest(step=step), self.assertRaises(AccessError):
                self.env["aftersales.reason"].create(
                    {**dialogue, "step": step, "needs_reason": needs_reason}
                ).action_confirm()

import importlib.util
from datetime import date, datetime

from odoo.tests import freeze_time, tagged
from odoo.tools.misc import file_path

from .visit_common import VisitCommon

FOLDER = "jinyang_aftersales/migrations/19.0.3.0.0"
ANSWER = "jinyang_aftersales.mail_activity_visit_answer"


def load(name):
    """:return: the module of a migration, whose path cannot be imported by name"""
    spec = importlib.util.spec_from_file_location("migration", file_path(f"{FOLDER}/{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestVisitMigration(VisitCommon):
    """M01, M03: what was planned before the update is seen, and neither reminded nor judged anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 11, 9, 2))
        clock.start()
        cls.addClassCleanup(clock.stop)

    def upgrade(self, *visits):
        """Make visits such as a database of 19.0.2.0.0 has, and update it on 20 November."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE aftersales_visit SET answer_due_date = NULL, served_by_id = NULL, own_record = NULL"
            " WHERE id IN %s",
            (tuple(visit.id for visit in visits),),
        )
        with freeze_time("2026-11-20 02:00:00"):
            self.company._write_unlocked({"aftersales_duties_since": "2026-11-20"})
            self.env.flush_all()
            load("pre-visits").migrate(self.cr, "19.0.2.0.0")
            load("post-visits").migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()

    def test_old_visits_are_unanswered_and_nobody_is_reminded(self):
        old = self.make_visit(state="approved", start=datetime(2026, 11, 10, 2))
        last = self.make_visit(state="approved", start=datetime(2026, 11, 19, 2))
        coming = self.make_visit(state="approved", start=datetime(2026, 11, 20, 6))
        gone = self.make_visit(state="on_site")
        self.upgrade(old, last, coming, gone)
        self.assertEqual(old.answer_due_date, date(2026, 11, 11))
        self.assertEqual(coming.answer_due_date, date(2026, 11, 23), "a Monday")
        self.assertEqual(gone.served_by_id, self.specialist)
        self.assertFalse(gone.answer_due_date)
        self.assertFalse(any(visit.own_record for visit in (old, last, coming, gone)))
        with freeze_time("2026-11-26 02:00:00"):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, 26))
            unanswered = self.env["aftersales.visit"].with_context(
                allowed_company_ids=self.company.ids
            )
            self.assertEqual(
                unanswered.search(unanswered._get_unanswered_domain()), old | last | coming
            )
        asked = self.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref(ANSWER).id)]
        )
        self.assertEqual(set(asked.mapped("res_id")), {coming.id})

    def test_new_database_has_nothing_to_fill(self):
        for name in ("pre-visits", "post-visits", "post-implementation"):
            load(name).migrate(None, False)

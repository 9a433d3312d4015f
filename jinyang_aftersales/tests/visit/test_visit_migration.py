import importlib.util
from datetime import date, datetime, timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools.misc import file_path

from ..implementation.implementation_common import ImplementationCommon
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
        self.assertFalse(gone.answer_due_date or gone.answered_on or gone.return_entered_on)
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


@tagged("post_install", "-at_install")
class TestImplementationMigration(ImplementationCommon):
    """M11: when forms came back is told by hand-overs and filing."""

    def upgrade(self):
        self.env.flush_all()
        self.cr.execute("UPDATE aftersales_archive_entry SET given_on = NULL, received_on = NULL")
        self.cr.execute(
            "UPDATE aftersales_implementation SET forms_back_on = NULL, forms_waiting = NULL,"
            " forms_owed_by_id = NULL"
        )
        load("post-implementation").migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()

    def test_forms_were_back_when_the_archivist_got_them(self):
        received, filed, given, missing = (self.make("finished") for _number in range(4))
        for entry in received.archive_entry_ids:
            entry.with_user(self.archivist).action_receive()
        for entry in given.archive_entry_ids:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        with freeze_time("2026-11-24 02:00:00"):
            self.file(received)
            self.file(filed)
            due = missing.forms_due_date
            self.upgrade()
        self.assertEqual(received.forms_back_on, date(2026, 11, 19))
        self.assertEqual(filed.forms_back_on, date(2026, 11, 24))
        self.assertRecordValues(
            given | missing,
            [
                {"forms_back_on": False, "forms_waiting": True},
                {"forms_back_on": False, "forms_waiting": False},
            ],
        )
        self.assertEqual(set(given.archive_entry_ids.mapped("given_on")), {date(2026, 11, 19)})
        self.assertEqual(missing.forms_owed_by_id, self.specialist)
        self.assertEqual(missing.forms_due_date, due)
        with freeze_time("2026-11-24 02:00:00") as clock:
            clock.tick(timedelta(days=6))
            for entry in given.archive_entry_ids:
                entry.with_user(self.archivist).action_receive()
        self.assertEqual(given.forms_back_on, date(2026, 11, 19))

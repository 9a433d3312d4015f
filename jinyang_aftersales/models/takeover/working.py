from datetime import timedelta

from odoo import api, fields, models

from .aftersales_takeover import BATCH
from .run import REFUSED

# days after which a file goes that was not taken over, and one that was
DAYS_UNUSED = 30
DAYS_KEPT = 180


class AftersalesTakeover(models.Model):
    """Files with very many rows: they are worked on in the background, in batches that show how far they are."""

    _inherit = "aftersales.takeover"

    def _choose_sheet(self, name):
        """Read another sheet of the file.

        :param str name: its name
        """
        self.ensure_one()
        if self.state == "checked" and name != self.sheet:
            self._write_unlocked({"sheet": name})
            self.action_check()

    def _start_background(self):
        # sudo: only schedules the work
        self.env.ref("jinyang_aftersales.ir_cron_takeover").sudo()._trigger()

    @api.model
    def _cron_work(self):
        """Check and take over the next rows of large files; the scheduler calls again while rows are left."""
        waiting = self.search([("state", "in", ("checking", "taking"))], order="id")
        left = sum(takeover.count_all - takeover.count_done for takeover in waiting)
        for takeover in waiting:
            user = takeover.taken_by_id if takeover.state == "taking" else takeover.write_uid
            own = takeover.with_user(user).with_company(takeover.company_id)
            while own.state in ("checking", "taking"):
                count = own._work_on()
                left -= count
                if not self.env["ir.cron"]._commit_progress(count, remaining=max(left, 0) + 1):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _work_on(self):
        """Check or take over the next batch.

        :return: number of rows
        :rtype: int
        """
        self.ensure_one()
        rows = self.row_ids.search(
            [("takeover_id", "=", self.id)], order="number, id", offset=self.count_done, limit=BATCH
        )
        dry = self.state == "checking"
        todo = rows if dry else rows.filtered(lambda row: row.result != REFUSED)
        if todo:
            self._try(todo, dry=dry)
        done = self.count_done + len(rows)
        self._write_unlocked({"count_done": done})
        if not rows or done >= self.count_all:
            if dry:
                self._write_unlocked({"state": "checked", "count_done": self.count_all})
            else:
                self._finish()
            self._tell_ready()
        return len(rows)

    @api.autovacuum
    def _gc_files(self):
        """Forget files: those that were never taken over, and what customers' cells said once it is in the product."""
        now = fields.Datetime.now()
        unused = self.search(
            [
                ("state", "in", ("draft", "checked")),
                ("write_date", "<", now - timedelta(days=DAYS_UNUSED)),
            ]
        )
        unused._unlink_unlocked()
        done = self.search(
            [
                ("state", "=", "done"),
                ("file", "!=", False),
                ("taken_on", "<", now - timedelta(days=DAYS_KEPT)),
            ]
        )
        done._write_unlocked({"file": False, "layout": False})
        done.row_ids._write_unlocked({"cells": False, "errors": False})

    def _tell_ready(self):
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "success",
                "sticky": True,
                "message": self.env._("%s: ready. Reload the page.", self.file_name),
            },
        )

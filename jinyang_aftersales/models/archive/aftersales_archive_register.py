from odoo import api, fields, models

from .values import ARCHIVE_KINDS, DEADLINE_DAYS, PREFIXES, RETENTION_YEARS


class AftersalesArchiveRegister(models.Model):
    """How a company archives one kind of paper: its numbers, until when it is due, how long it is kept.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service roles         read
    service manager       change days and years
    nobody                create or delete: there is one for each company and kind
    ====================  ==================================================================
    """

    _name = "aftersales.archive.register"
    _description = "Archive Register"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "company_id, id"
    _rec_name = "kind"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(selection=ARCHIVE_KINDS, required=True, readonly=True)
    deadline_days = fields.Integer(
        string="Due After",
        required=True,
        default=3,
        help="Working days within which the original is handed in, where nothing else was agreed.",
    )
    retention_years = fields.Integer(
        string="Kept For", required=True, default=5, help="Years from the day it was filed."
    )
    sequence_id = fields.Many2one(comodel_name="ir.sequence", readonly=True, copy=False)

    _once = models.UniqueIndex("(company_id, kind)")
    _bearable = models.Constraint(
        "CHECK(deadline_days BETWEEN 0 AND 250 AND retention_years BETWEEN 1 AND 100)",
        "Originals are due within 0 to 250 working days and kept for 1 to 100 years.",
    )

    @api.model
    def _create_missing(self, companies=None):
        """Give companies a register for each kind.

        :param companies: res.company, all by default
        """
        if companies is None:
            companies = (
                self.env["res.company"]
                .with_context(active_test=False)
                .search([("id", "!=", False)])
            )
        # sudo: creating a company includes its registers
        registers = self.sudo()
        present = {
            (company.id, kind)
            for company, kind in registers._read_group(
                [("company_id", "in", companies.ids)], ["company_id", "kind"]
            )
        }
        registers._create_unlocked(
            [
                {"company_id": company.id, "kind": kind, **self._prepare_terms(kind)}
                for company in companies
                for kind, _label in ARCHIVE_KINDS
                if (company.id, kind) not in present
            ]
        )

    @api.model
    def _get(self, company, kind):
        """The register of a company for a kind of paper, privileged.

        :param company: res.company
        :param str kind: one of the kinds
        :rtype: aftersales.archive.register
        :raises ConcurrencyError: when another transaction is making it; Odoo retries requests and jobs
        """
        # sudo: users who make or file documents need no right on the company's registers
        return self.sudo()._create_once(
            {"company_id": company.id, "kind": kind},
            self._prepare_terms(kind),
        )

    @api.model
    def _prepare_terms(self, kind):
        """:return: days and years with which a register begins"""
        return {
            "deadline_days": DEADLINE_DAYS.get(kind, 3),
            "retention_years": RETENTION_YEARS.get(kind, 5),
        }

    def _get_deadline(self, day):
        """:param datetime.date day: day on which the paper was made
        :return: the last day on which its original is handed in in time
        :rtype: datetime.date
        """
        self.ensure_one()
        if not self.deadline_days:
            return day
        return self.company_id._aftersales_next_working_day(day, self.deadline_days)

    def _draw_number(self):
        """The next number of the year, without gaps: a number whose filing is rolled back is drawn again.

        :rtype: str
        :raises ConcurrencyError: when another transaction was faster; Odoo retries requests and jobs
        """
        self.ensure_one()
        if not self.sequence_id:
            sequence = self.env["ir.sequence"].create(
                {
                    "name": self.display_name,
                    "code": f"aftersales.archive.{self.kind}",
                    "implementation": "no_gap",
                    "prefix": f"{PREFIXES[self.kind]}%(range_year)s-",
                    "padding": 4,
                    "use_date_range": True,
                    "company_id": self.company_id.id,
                }
            )
            self._write_unlocked({"sequence_id": sequence.id})
            # Write now: two concurrent first filings then conflict on this row, and Odoo retries the later one.
            self.flush_recordset(["sequence_id"])
        return self.env["ir.sequence"]._aftersales_draw(
            self.sequence_id.next_by_id, self.company_id
        )

import bisect
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.jinyang_aftersales.models.visit.values import AWAY
from odoo.addons.jinyang_aftersales.tools.text import list_words

BATCH = 500
# No time zone is more than 14 hours ahead of UTC: a day ends there at 10:00 UTC or later, so that all work completed
# before 10:00 UTC of its last day was in time everywhere. The indexes on tickets and visits leave these rows out.
SAFE = SQL("interval '10 hours'")


@dataclass(frozen=True)
class Source:
    """One kind of document in which the daily search finds the cases of a rule.

    ``code``     code of the rule
    ``model``    model of the documents
    ``domain``   documents with work to be done by a day, whether or not it is done by now
    ``due``      stored date field: the last day on which the work is in time
    ``done``     stored date or datetime field: when it was completed; empty until then
    ``user``     many2one field: the user who has to do it
    ``facts``    fields copied into the description of the case
    ``deadline`` kind of the deadline of ``due``; a delay of it announced too late is a case
    ``settled``  field of a linked document, whose penalty of the same family is the penalty of this case, too
    ``paper``    whether the documents have paper originals, whose delays move the last day, too
    """

    code: str
    model: str
    domain: Domain
    due: str
    done: str
    user: str
    facts: tuple[str, ...]
    deadline: str
    settled: str | None = None
    paper: bool = False


class AftersalesPenaltyDetection(models.AbstractModel):
    """The daily search for work that was not done in time (七.4, 七.5, 七.6); see :meth:`_get_sources`.

    A case is judged by the rule of its last day in time. Each source is one query, which excludes documents with a
    penalty in any state. Work that was done late is a case like work that is still undone.
    """

    _name = "aftersales.penalty.detection"
    _description = "Search for Cases"
    _inherit = "aftersales.job.mixin"

    @api.model
    def _get_sources(self):
        """The sources, in the order in which they are searched.

        :rtype: list[Source]
        """
        away = [("state", "in", AWAY)]
        return [
            Source(
                code="VISIT_RECORD",
                model="aftersales.visit",
                domain=Domain(away),
                due="record_due_date",
                done="record_filled_on",
                # who led the visit when it began: another lead technician owes nothing for it
                user="served_by_id",
                facts=(
                    "partner_id",
                    "served_by_id",
                    "left_on",
                    "returned_on",
                    "return_entered_on",
                    "return_entered_by_id",
                    "ticket_id",
                ),
                deadline="visit_record",
                settled="ticket_id",
            ),
            Source(
                code="REMOTE_RECORD",
                model="helpdesk.ticket",
                domain=self._get_remote_record_domain(away),
                due="record_due_date",
                done="record_completed_on",
                user="service_done_by_id",
                facts=(
                    "commercial_partner_id",
                    "contact_id",
                    "service_done_by_id",
                    "category_id",
                    "service_done_on",
                ),
                deadline="record",
            ),
            Source(
                code="IMPL_FORM",
                model="aftersales.implementation",
                # Forms that wait for the archive to receive them are no case of the engineer who handed them over.
                domain=Domain("state", "in", ("finished", "accepted", "closed"))
                & Domain("forms_waiting", "!=", True),
                due="forms_due_date",
                done="forms_back_on",
                user="forms_owed_by_id",
                facts=(
                    "partner_id",
                    "product_id",
                    "forms_owed_by_id",
                    "date_end",
                    "end_entered_on",
                    "end_entered_by_id",
                ),
                deadline="original_overdue",
                paper=True,
            ),
        ]

    @api.model
    def _get_remote_record_domain(self, away):
        """Tickets whose record is that of a remote service (七.5), by what was so at the end of the service.

        A ticket that became an on-site one, a duplicate or a cancelled one afterwards owes its record all the same,
        unless a manager cancelled it without one. On-site services are recorded in visits, a source of its own.

        :param list away: domain of visits that took place
        :rtype: Domain
        """
        remote = Domain("service_done_mode", "=", "remote") | (
            Domain("service_mode", "=", "remote") & Domain("visit_ids", "not any", away)
        )
        completed = Domain("record_completed_on", "!=", False)
        owed = (Domain("record_complete", "=", False) | Domain("duplicate_id", "!=", False)) & (
            Domain("stage_id.closed", "=", False) | Domain("stage_id.record_required", "=", True)
        )
        return remote & Domain("record_unknown", "=", False) & (completed | owed)

    # === The job === #

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # before the reminders, so that managers are told of new proposals in the same run
            (50, self._detect_daily),
        ]

    @api.model
    def _detect_daily(self, company, today):
        """Search once a day; a step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: number of cases left for the next run of the job
        :rtype: int
        :raises UserError: naming the documents that failed, after the others are done; the search is then repeated
        """
        if company.aftersales_detected_on == today:
            return 0
        left, errors = 0, []
        # sudo: the job works with all cases of the company
        self.env["aftersales.penalty.exception"].sudo()._take_up_waiting(company, errors)
        for source in self._get_sources():
            left += self._detect(company, today, source, errors)
        if errors:
            raise UserError("\n".join(errors))
        if not left:
            # sudo: the job may lack the right to write the company
            company.sudo()._write_unlocked({"aftersales_detected_on": today})
        return left

    @api.model
    def _detect(self, company, today, source, errors, document=None):
        """Propose the cases of a source, in batches.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :param Source source: where to look
        :param list errors: list to which messages of failures are added
        :param document: search only this one
        :return: number of cases left for the next run of the job
        :rtype: int
        """
        terms = self.env["aftersales.penalty.rule"]._get_all_terms(source.code, company)
        terms = [row for row in terms if row.active and row.first < today]
        if not terms:
            return 0
        rows = self._find(company, today, source, terms, document)
        job = self.env["aftersales.job"]
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            job._apart(
                batch,
                lambda found: self._insert_batch(company, today, source, terms, found),
                lambda row, error: errors.append(f"{source.code} {source.model} {row[0]}: {error}"),
                # table on which another transaction may create the same exception at the same time
                taken=(self.env["aftersales.penalty.exception"]._table,),
            )
            left = len(rows) - start - len(batch)
            if not job._checkpoint(len(batch), left) and left:
                return left
        return 0

    @api.model
    def _detect_document(self, document, kind):
        """Search one document now, before its deadline is moved.

        :param document: a record with deadlines
        :param str kind: kind of the deadline
        :raises UserError: when it fails
        """
        company, errors = document.company_id, []
        for source in self._get_sources():
            if source.model == document._name and source.deadline == kind:
                today = company._aftersales_today()
                self._detect(company, today, source, errors, document)
        if errors:
            raise UserError("\n".join(errors))

    # === Finding: one query === #

    def _find(self, company, today, source, terms, document):
        """Cases without a penalty or exception.

        :param list terms: active terms of days before today
        :param document: search only this one
        :return: id of the document, last day in time, last day with grace, when it was done, ids of user and
            employee
        :rtype: list[tuple]
        """
        yesterday = today - timedelta(days=1)
        domain = Domain("company_id", "=", company.id) & source.domain
        domain &= Domain.OR(
            Domain(source.due, ">=", row.first)
            & Domain(source.due, "<=", min(row.last or yesterday, yesterday))
            for row in terms
        )
        domain &= self._get_known_domain(
            company, source.due, min(row.first for row in terms), today
        )
        if document:
            domain &= Domain("id", "in", document.ids)
        # sudo: users who announce a delay may not read all documents of the source
        model = self.env[source.model].sudo().with_context(active_test=False)
        query = model._search(domain)
        if query.is_empty():
            return []
        table = model._table
        due = model._field_to_sql(table, source.due, query)
        done = model._field_to_sql(table, source.done, query)
        user = model._field_to_sql(table, source.user, query)
        if "taken_over_on" in model._fields:
            taken = model._field_to_sql(table, "taken_over_on", query)
            query.add_where(company._aftersales_owed_sql(taken, due))
        final = self._join_grace(query, due, company, today, terms)
        if source.paper:
            final = self._join_paper(query, source.model, SQL.identifier(table, "id"), final)
            query.add_where(SQL("%s < %s", final, today))
        query.add_where(self._is_late(model._fields[source.done], done, due, final, company))
        employee = self._join_employee(query, user, company)
        key = SQL.identifier(table, "id")
        self._leave_out(query, company, "aftersales.penalty", terms, source.model, key)
        self._leave_out(query, company, "aftersales.penalty.exception", terms, source.model, key)
        if source.settled:
            linked = model._field_to_sql(table, source.settled, query)
            relation = model._fields[source.settled].comodel_name
            self._leave_out(query, company, "aftersales.penalty", terms, relation, linked)
        query.order = SQL("%s, %s", due, key)
        return self.env.execute_query(query.select(key, due, final, done, user, employee))

    def _is_late(self, field, done, due, final, company):
        """Condition: not done, or done after the last day.

        :param field: field that holds when it was done
        :rtype: SQL
        """
        if field.type == "date":
            return SQL("(%s IS NULL OR %s > %s)", done, done, final)
        return SQL(
            "(%(done)s IS NULL OR (%(done)s >= %(due)s + %(safe)s"
            " AND (%(done)s AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date > %(final)s))",
            done=done,
            due=due,
            final=final,
            safe=SAFE,
            zone=company._aftersales_zone().zone,
        )

    def _join_paper(self, query, model, key, final):
        """Join delays of originals that were announced in time (三.8), which move the last day.

        :return: the later one of the two last days
        :rtype: SQL
        """
        self.env["aftersales.archive.entry"].flush_model(["res_model", "res_id"])
        self.env["aftersales.delay"].flush_model(["res_model", "res_id", "date_new", "in_time"])
        query.add_join(
            "LEFT JOIN",
            "paper",
            SQL(
                "(SELECT entry.res_id, max(delay.date_new) AS day"
                " FROM aftersales_archive_entry entry JOIN aftersales_delay delay"
                " ON delay.res_model = 'aftersales.archive.entry' AND delay.res_id = entry.id"
                " WHERE entry.res_model = %s AND delay.in_time GROUP BY entry.res_id)",
                model,
            ),
            SQL("paper.res_id = %s", key),
        )
        return SQL("GREATEST(%s, paper.day)", final)

    def _join_grace(self, query, due, company, today, terms):
        """Join the grace time of the terms, and exclude documents whose grace is not over.

        :return: the last day with grace
        :rtype: SQL
        """
        if not any(row.grace_days for row in terms):
            return due
        first, yesterday = min(row.first for row in terms), today - timedelta(days=1)
        working = sorted(company._aftersales_working_days(first, yesterday))
        days, finals = [], []
        for number in range((today - first).days):
            day = first + timedelta(days=number)
            grace = next((row.grace_days for row in terms if row.holds_on(day)), 0)
            place = bisect.bisect_right(working, day) + grace - 1
            if not grace:
                finals.append(day)
            elif place < len(working):
                finals.append(working[place])
            else:
                continue
            days.append(day)
        query.add_join(
            "JOIN",
            "grace",
            SQL("(SELECT * FROM unnest(%s::date[], %s::date[]) AS row (day, final))", days, finals),
            SQL("grace.day = %s", due),
        )
        return SQL("grace.final")

    def _join_employee(self, query, user, company):
        """:return: id of the user's employee in the company, NULL when there is none or they have left
        :rtype: SQL
        """
        self.env["hr.employee"].flush_model(["user_id", "company_id", "active"])
        query.add_join(
            "LEFT JOIN",
            "employee",
            "hr_employee",
            SQL(
                "employee.user_id = %s AND employee.company_id = %s AND employee.active",
                user,
                company.id,
            ),
        )
        return SQL("employee.id")

    def _leave_out(self, query, company, cases, terms, model, key):
        """Exclude documents that already have a penalty or exception of this rule family, in any state and for any
        employee; those that were withdrawn because of a holiday may be found again.

        :param str cases: model of penalties or exceptions
        :param list terms: terms of the rule, which give the family
        :param str model: model of the evidence
        :param SQL key: id of the evidence
        """
        found = self.env[cases]
        found.flush_model(["company_id", "family", "evidence_model", "evidence_id", "is_withdrawn"])
        alias = Query.make_alias(found._table, model.replace(".", "_"))
        row = SQL.identifier(alias)
        query.add_join(
            "LEFT JOIN",
            alias,
            found._table,
            SQL(
                "%(row)s.company_id = %(company)s AND %(row)s.family = %(family)s"
                " AND %(row)s.evidence_model = %(model)s AND %(row)s.evidence_id = %(key)s"
                " AND %(row)s.is_withdrawn IS NOT TRUE",
                row=row,
                company=company.id,
                family=terms[0].rule.family,
                model=model,
                key=key,
            ),
        )
        query.add_where(SQL("%s.id IS NULL", row))

    # === Proposing === #

    def _insert_batch(self, company, today, source, terms, rows):
        # sudo: users who announce a delay may not read all documents and employees
        documents = self.env[source.model].sudo().browse([row[0] for row in rows])
        penalties = self.env["aftersales.penalty"]
        employees = self.env["hr.employee"].sudo()
        zone = company._aftersales_zone()
        charged = employees.browse(sorted({row[5] for row in rows if row[5]}))
        versions = {row.clauses.sudo().regulation_id for row in terms}
        known = {version: version._get_known_days(charged) for version in versions}
        found, exceptions = [], []
        for document, (_id, due, final, done, user, employee) in zip(documents, rows, strict=True):
            held = next(row for row in terms if row.holds_on(due))
            values = {
                **penalties._prepare_terms(held),
                "date": due,
                **penalties._prepare_evidence(document),
                "evidence_copy": self._describe(document, source, due, final, done, today, zone),
            }
            if employee:
                who = employees.browse(employee)
                version = held.clauses.sudo().regulation_id
                told = penalties._prepare_regulation(held, who, due, known[version])
                if not told:
                    # the regulation is not for their department
                    continue
                department = who._get_version(due).department_id.id or None
                values |= told
                values["regulation_known_on"] = values["regulation_known_on"] or None
                values |= {
                    "employee_id": employee,
                    "department_id": department,
                    "follow_up_date": today,
                }
                found.append(values)
            else:
                values |= {"company_id": company.id, "user_id": user, "found_on": today}
                exceptions.append(values)
        if found:
            penalties._insert_found(company, found)
        if exceptions:
            self.env["aftersales.penalty.exception"].sudo()._create_unlocked(exceptions)

    def _describe(self, document, source, due, final, done, today, zone):
        """Description of the case in the language of the company, which stays when the document changes.

        :param document: the evidence
        :param Source source: source in which it was found
        :param datetime.date due: last day in time
        :param datetime.date final: last day with grace
        :param done: when it was completed: a date, a datetime in naive UTC, or None
        :param datetime.date today: day of the search
        :param zone: tzinfo of the company
        :rtype: str
        """
        model = self.env["ir.model"]._get(document._name)
        lines = [(model.name, document.display_name)]
        lines += [self._describe_field(document, name, zone) for name in source.facts]
        lines.append((self.env._("Due"), due))
        if final != due:
            lines.append((self.env._("With grace until"), final))
        if isinstance(done, datetime):
            done = self._format(zone, done)
        if done:
            lines.append((self.env._("Complete since"), done))
        else:
            lines.append((self.env._("Still missing on"), today))
        return self.env["aftersales.penalty"]._say_facts(lines)

    def _describe_field(self, document, name, zone):
        """:return: label and value of a field"""
        field, value = document._fields[name], document[name]
        if isinstance(value, models.BaseModel):
            value = list_words(self.env, value.mapped("display_name"))
        elif isinstance(value, datetime):
            value = self._format(zone, value)
        return field._description_string(self.env), value

    @api.model
    def _format(self, zone, moment):
        """:return: a datetime in the company's time zone, as text"""
        local = pytz.utc.localize(moment).astimezone(zone)
        return f"{self._say_day(local.date())} {local:%H:%M}"

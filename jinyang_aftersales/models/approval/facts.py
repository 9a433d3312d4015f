from odoo import models
from odoo.fields import Domain

from ...tools.facts import fact
from ...tools.text import list_words

# characters of a need that are shown; the document has the rest
MAX_NEED = 600


class AftersalesApprovalMixin(models.AbstractModel):
    """The facts a manager decides by, in sight where the decision is asked for, read under the manager's rights."""

    _inherit = "aftersales.approval.mixin"

    def _get_approval_facts(self):
        """What one decides by, for each of these documents, with as many queries for many as for one.

        Subjects add theirs: rows of a document (:meth:`_get_approval_rows`), the load of the people who would do the
        work (:meth:`_get_approval_loads`).

        :return: for each document a list of facts, see :func:`tools.facts.fact`
        :rtype: dict
        """
        if not self:
            return {}
        loads, last = self._get_approval_loads(), self._get_last_decisions()
        facts = {}
        for document in self:
            rows = document._get_approval_rows()
            load = "\n".join(
                # sudo: names of colleagues, also for managers who may not read users
                self.env._(
                    "%(user)s: %(load)s", user=user.sudo().name, load=list_words(self.env, parts)
                )
                for user, parts in loads.get(document, {}).items()
            )
            if load:
                rows.append(fact(self.env._("Workload"), load))
            if document in last:
                rows.append(fact(self.env._("Decided Before"), last[document]))
            facts[document] = rows
        return facts

    def _get_approval_need(self):
        """What is asked for, in full; a model says which of its fields that are.

        :rtype: str
        """
        self.ensure_one()
        return self._get_approval_summary()

    def _get_approval_rows(self):
        """Facts of one document, the most important first; extended by models and subjects.

        :rtype: list[dict]
        """
        self.ensure_one()
        need = (self._get_approval_need() or "").strip()
        if len(need) > MAX_NEED:
            need = f"{need[:MAX_NEED].rstrip()}…"
        return [fact(self.env._("What Is Asked"), need)] if need else []

    def _get_approval_workers(self):
        """Users who would do the work; their load is a fact.

        :rtype: res.users
        """
        self.ensure_one()
        return self["user_id"] if "user_id" in self._fields else self.env["res.users"]

    def _get_approval_loads(self):
        """What the people who would do the work have to do already; subjects above add what they know of.

        :return: for each document a list of phrases by user
        :rtype: dict
        """
        return {
            document: {user: [] for user in document._get_approval_workers()} for document in self
        }

    def _get_last_decisions(self):
        """What was decided about an earlier submission of these documents.

        :return: text by document, for those that were decided before
        :rtype: dict
        """
        rows = self.env["aftersales.approval"].search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("decision", "in", ("approved", "refused")),
            order="id",
        )
        texts = {}
        for row in rows:
            # sudo: names of colleagues, also for managers who may not read users
            said = self.env._(
                "%(decision)s by %(user)s on %(day)s",
                decision=row._get_decision_label(),
                user=row.sudo().decided_by_id.name,
                day=self._say_day(row.company_id._aftersales_day(row.decided_on)),
            )
            texts[self.browse(row.res_id)] = f"{said}\n{row.opinion}" if row.opinion else said
        return {document: texts[document] for document in self if document in texts}

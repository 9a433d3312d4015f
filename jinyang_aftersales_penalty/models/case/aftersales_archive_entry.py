from odoo import models

# 七.3: the loss of these originals is punished; that of others is only reported
PUNISHED_KINDS = ("change_request", "data_clearing", "password_recovery")
LOST = "LOST_FORM"


class AftersalesArchiveEntry(models.Model):
    """七.3: the holder of a customer's form that was lost gets a penalty, which ends when the form is found again."""

    _inherit = "aftersales.archive.entry"

    def _step(self, action, target=None, **vals):
        result = super()._step(action, target=target, **vals)
        # sudo: archivists have no right on penalties
        entries = self.sudo().filtered(lambda entry: entry.kind in PUNISHED_KINDS)
        for entry in entries:
            if action == "action_lose" and entry._has_known_holder():
                entry._punish_loss()
            elif action == "action_lose":
                entry._message_log(
                    body=self.env._("No case: it is not recorded that this paper was in our hands.")
                )
            elif action == "action_find":
                entry._forgive_loss()
        return result

    def _has_known_holder(self):
        """:return: whether it is recorded who held the paper: of a customer's request, that it came to us at all
        :rtype: bool
        """
        received = self.came_on or self.handover_ids or self.filed_on
        return bool(self.lost_holder_id and (received or not self.res_id))

    def _punish_loss(self):
        penalties = self.env["aftersales.penalty"]
        holder = self.lost_holder_id
        lost_again = penalties._get_of_evidence(self, "LOST_FORM").filtered(
            lambda penalty: penalty.employee_id == penalties._get_employee(holder, self.company_id)
        )
        if lost_again:
            # An entry is proposed only once: a manager judges whether the second loss is a case of its own.
            lost_again._tell_deciding(
                lambda penalty, entry=self: penalty.env._(
                    "%s was lost again. Enter a case by hand if it is one.", entry.display_name
                )
            )
            return
        penalties._propose_for_user(
            LOST,
            holder,
            self,
            self.company_id,
            date=self.lost_on,
            evidence_copy=self._describe_loss(),
        )

    def _describe_loss(self):
        """:return: description of the case, stored with the penalty
        :rtype: str
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        lines = [
            (self._fields["kind"]._description_string(self.env), kinds[self.kind]),
            *(
                (self._fields[name]._description_string(self.env), value)
                for name, value in (
                    ("document_name", self.document_name),
                    ("partner_id", self.partner_id.display_name),
                    ("lost_holder_id", self.lost_holder_id.name),
                    ("lost_on", self.lost_on),
                    ("lost_by_id", self.lost_by_id.name),
                    ("lost_reason", self.lost_reason),
                )
            ),
        ]
        return self.env["aftersales.penalty"]._say_facts(lines)

    def _forgive_loss(self):
        penalties = self.env["aftersales.penalty"]
        penalties._get_of_evidence(self, "LOST_FORM")._refute(
            self.env._("%s has been found again.", self.display_name)
        )
        penalties._close_exceptions(
            self, "LOST_FORM", self.env._("%s has been found again.", self.display_name)
        )

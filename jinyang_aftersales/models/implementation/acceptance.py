from odoo import fields, models

from ...groups import MANAGERS
from ...tools.text import list_words

# 五.7.3: the three forms 工程实施单, 实施验收单, 客户软件启用计划
FORMS = ("implementation_order", "acceptance", "start_plan")
FILED = ("filed", "on_loan")


class AftersalesImplementation(models.Model):
    """Acceptance by the customer: signature and forms (五.7.3, 七.6). Its installed software is in software.py."""

    _inherit = "aftersales.implementation"
    _signed_fields = (
        "name",
        "partner_id",
        "product_id",
        "version",
        "serial_issued",
        "scope",
        "engineer_ids",
        "date_start",
        "date_end",
        "service_start",
        "service_end",
        "customer_opinion",
        "signed_by_name",
        "signed_on",
    )
    _answer_fields = frozenset({"customer_opinion", "signed_by_name", "signed_on"})

    _printed_fields = {"customer": "partner_id", "engineers": "engineer_ids"}

    def _get_printed_texts(self):
        contact, sessions = self.contact_id, self.session_ids.sorted("date_start")
        return {
            **super()._get_printed_texts(),
            "customer": self.partner_id.name or "",
            "contact": contact.name or "",
            "phone": contact.phone or self.partner_id.phone or "",
            "software": self.product_id.name or "",
            "serial": self.serial_issued or self.installation_id.serial_number or "",
            "engineers": ", ".join(self.engineer_ids.mapped("name")),
            "lead_engineer": self.lead_engineer_id.name or "",
            "service_period": self._format_service_period(),
            "sessions": [session._get_printed_row() for session in sessions],
        }

    def _get_signed_content(self):
        return {**super()._get_signed_content(), "sessions": self._get_signed_sessions()}

    def _get_signed_sessions(self):
        """The trainings that the signatory accepts, with people by their ids: their names may be corrected later.

        :rtype: list[list]
        """
        # sudo: ids of contacts and colleagues, which the user may not be able to read
        return [
            [
                fields.Datetime.to_string(session.date_start),
                session.topic,
                session.hours,
                session.trainer_id.id,
                sorted(session.attendee_ids.ids),
                session.attendee_note or False,
            ]
            for session in self.sudo().session_ids.sorted(lambda row: (row.date_start, row.id))
        ]

    def _is_as_signed(self, name, signed):
        if name != "sessions":
            return super()._is_as_signed(name, signed)
        people = {number for row in signed for number in row[4]}
        successors = self.env["aftersales.partner.successor"]._get_successors(
            people, self.signed_on
        )
        today = [
            [*row[:4], sorted({successors.get(number, number) for number in row[4]}), row[5]]
            for row in signed
        ]
        return today == self._get_signed_sessions()

    # === Acceptance === #

    def action_accept(self):
        """Take the customer's signature; ask first for what the software still lacks (五.6.2).

        :return: the dialogue that asks, None when nothing is missing
        :rtype: dict | None
        """
        self.ensure_one()
        if self._lacks_result():
            return self.action_open_result()
        return self.action_sign()

    def action_sign(self):
        """Record the customer's signature, and make or update the installed software (五.6.1-2).

        :raises UserError: while signatory or drawing are missing, or for users who may not change the software
        :raises ValidationError: for a serial number that is in use
        """
        self._check_still_drawn()
        for row in self:
            row._step("action_sign", signed_on=fields.Datetime.now())
            row._apply_installation()
            row._seal()
            row._close_when_filed()

    def action_ask_reopen(self):
        """Ask once more before a signature becomes void."""
        return self._ask_first("action_reopen", self._describe_void())

    def action_reopen(self):
        """Take an acceptance back: the signature is void, the customer signs again.

        The installed software does not change until then.

        :raises UserError: for users other than service managers
        """
        for row in self:
            voided = row.signed_by_name, row.signature_hash
            row._step("action_reopen", **row._get_unsealed_vals())
            row._log_void(*voided)

    # === Forms === #

    def _expect_forms(self):
        """Let the archive expect the three forms from the lead engineer (五.7.3), three days after the end (七.6)."""
        self.ensure_one()
        for kind in FORMS:
            self._expect_archive_entry(kind, self.forms_due_date, self.lead_engineer_id)

    def _get_forms(self):
        # sudo: reads the archive's entries, for users without access to them
        return self.sudo().archive_entry_ids.filtered(lambda entry: entry.kind in FORMS)

    def _get_forms_obstacle(self):
        """:return: why the implementation cannot be closed yet, False when its forms are filed"""
        forms = self._get_forms()
        done = FILED
        if self.env.user.has_group(MANAGERS):
            # a lost form cannot be filed any more: a manager may close without it
            done += ("lost",)
        missing = forms.filtered(lambda entry: entry.state not in done)
        if missing or set(forms.mapped("kind")) != set(FORMS):
            labels = dict(forms._fields["kind"]._description_selection(self.env))
            kinds = missing.mapped("kind") or [
                kind for kind in FORMS if kind not in forms.mapped("kind")
            ]
            return self.env._(
                "%(document)s: these forms are not filed: %(forms)s.",
                document=self.display_name,
                forms=list_words(self.env, (labels[kind] for kind in kinds)),
            )
        return False

    def action_close(self):
        """Close an accepted implementation; done by itself when the last form is filed.

        :raises UserError: naming the forms that are missing
        """
        self._step("action_close")

    def _after_archive_change(self, entry):
        if entry.kind in FORMS:
            for row in self:
                row._update_forms_back()
                row._close_when_filed()
        return super()._after_archive_change(entry)

    def _update_forms_back(self):
        """Store when the last form came back, or that the archive has to receive what was handed over (七.6)."""
        forms = self._get_forms()
        received = forms.filtered("received_on")
        given = received | forms.filtered("given_on")
        back = set(received.mapped("kind")) == set(FORMS) and max(received.mapped("received_on"))
        waiting = not back and set(given.mapped("kind")) == set(FORMS)
        # sudo: follows from the archive, whose user may not write the implementation
        self.sudo()._write_unlocked({"forms_back_on": back, "forms_waiting": waiting})

    def _close_when_filed(self):
        """Store the day on which the last form was filed, and close the implementation if it is accepted."""
        forms = self._get_forms()
        filed = forms.filtered(lambda entry: entry.state in FILED)
        if set(filed.mapped("kind")) != set(FORMS):
            return
        # sudo: follows from archive or acceptance, whose user may not write the implementation
        row = self.sudo()
        if not row.forms_filed_on:
            row._write_unlocked({"forms_filed_on": max(filed.mapped("filed_on"))})
        if row.state == "accepted":
            row._step("action_close")

    # === On paper === #

    def _format_service_period(self):
        """:return: the service period of the software as text, empty when there is none yet"""
        installation = self.installation_id
        start = self.service_start or installation.service_date_start
        end = self.service_end or installation.service_date_end
        return " – ".join(filter(None, map(self._format_paper_day, (start, end))))

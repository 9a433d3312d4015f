"""Facts that a dialogue shows beside its question, drawn by the widget ``aftersales_facts``. No model is in here."""


def fact(label, text, alert=False, phone=False):
    """A fact as the client shows it.

    :param str label: what it is, in the user's language
    :param str text: what is so; lines are kept
    :param bool alert: whether it is a reason to be careful
    :param str phone: a telephone number that is called by pressing it
    :rtype: dict
    """
    return {"label": label, "text": text or "", "alert": bool(alert), "phone": phone or False}


def facts_of(record, rows):
    """The facts of a record as the widget reads them.

    :param record: a record of any model, whose name is shown above them
    :param list rows: its facts, see :func:`fact`; those without a text are left out
    :rtype: dict
    """
    shown = [row for row in rows if row["text"] or row["phone"]]
    return {"key": f"{record._name},{record.id}", "name": record.display_name, "rows": shown}

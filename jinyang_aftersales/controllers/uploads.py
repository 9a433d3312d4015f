"""Storing the accepted files of a form with its document."""


def attach_files(document, uploads):
    """Keep the files of a form with its document.

    :param document: a document the visitor has just made or may act on
    :param list[dict] uploads: result of :func:`~odoo.addons.jinyang_aftersales.tools.files.read_uploads`
    """
    # sudo: customers have no right on attachments; the content of these was checked
    document.env["ir.attachment"].sudo().create(
        [{**upload, "res_model": document._name, "res_id": document.id} for upload in uploads]
    )

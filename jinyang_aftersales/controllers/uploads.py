"""Files of a form that were read, kept with its document."""


def attach_files(document, uploads):
    """Keep the files of a form with its document.

    :param document: the document the visitor has just made, or may act on
    :param list[dict] uploads: what :func:`~odoo.addons.jinyang_aftersales.tools.files.read_uploads` accepted
    """
    # sudo: customers have no right on attachments; these were checked by content and get a token of their
    # own, with which the page of the document links to them
    files = document.env["ir.attachment"].sudo()
    files.create(
        [
            {
                **upload,
                "res_model": document._name,
                "res_id": document.id,
                "access_token": files._generate_access_token(),
            }
            for upload in uploads
        ]
    )

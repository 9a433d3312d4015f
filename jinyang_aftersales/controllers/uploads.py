"""Files sent by customers.

Counted, measured, known by their content and renamed before they are kept.
"""

from ..tools.files import (
    MAX_FILE_BYTES,
    MAX_FILES,
    clean_file_name,
    content_type,
    get_file_obstacle,
)


def read_uploads(env, files, max_files=MAX_FILES, max_bytes=MAX_FILE_BYTES):
    """Read the files of a form.

    :param env: environment whose language the reasons are given in
    :param files: the uploaded files (``werkzeug.datastructures.FileStorage``)
    :param int max_files: how many files one form may carry
    :param int max_bytes: how large one file may be
    :return: values for ``ir.attachment`` (name, raw, mimetype), and the reasons why files were
        refused
    :rtype: tuple[list[dict], list[str]]
    """
    files = [upload for upload in files if upload.filename]
    if len(files) > max_files:
        return [], [env._("At most %s files can be sent at a time.", max_files)]
    accepted, reasons = [], []
    for upload in files:
        name = clean_file_name(upload.filename)
        # one byte more than allowed tells a file that is too large, without reading all of it
        raw = upload.stream.read(max_bytes + 1)
        obstacle = get_file_obstacle(env, name, raw, max_bytes)
        if obstacle:
            reasons.append(obstacle)
        else:
            accepted.append({"name": name, "raw": raw, "mimetype": content_type(raw)})
    return accepted, reasons


def attach_files(document, uploads):
    """Keep the files of a form with its document.

    :param document: the document the visitor has just made, or may act on
    :param list[dict] uploads: what :func:`read_uploads` accepted
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

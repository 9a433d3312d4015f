"""Signed service agreements, made in a database of a test."""


def sign_agreement(env, installation, start, end, **values):
    """Make an agreement that costs nothing, and sign it for the company.

    :param env: environment of the database
    :param installation: aftersales.installation, the software of the customer
    :param datetime.date start: first day of the term, on which it is signed
    :param datetime.date end: last day of the term, until which the copy is to be back
    :param values: further fields
    :return: the agreement, a contract.contract
    """
    product = installation.product_id
    agreement = env["contract.contract"].create(
        {
            "name": "售后服务协议",
            "is_service_agreement": True,
            "partner_id": installation.partner_id.id,
            "product_line_id": product.aftersales_line_id.id,
            "installation_ids": [(6, 0, installation.ids)],
            "term_start": start,
            "term_end": end,
            "signed_on": start,
            "signed_by_id": env.uid,
            "contract_line_ids": [
                (0, 0, {"product_id": product.id, "name": "服务费", "quantity": 1, "price_unit": 0})
            ],
            **values,
        }
    )
    agreement.action_sign({"is_sealed": True, "return_due_date": end})
    return agreement

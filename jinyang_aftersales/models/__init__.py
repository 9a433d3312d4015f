from . import (
    res_company,
    aftersales_product_line,
    product_template,
    aftersales_installation,
    aftersales_service_period,
    aftersales_serial_history,
    res_partner,
    helpdesk_ticket,
    contract_contract,
    contract_billing,
    aftersales_renewal_notice,
    aftersales_callback,
)

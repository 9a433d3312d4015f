from . import (
    aftersales_agreement_copy,
    aftersales_agreement_payment_day,
    aftersales_agreement_sign,
    aftersales_dispatch,
    aftersales_invoice_dispatch,
    aftersales_product_fee,
)

from . import aftersales_agreement_lose

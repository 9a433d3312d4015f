"""Pure functions for Chinese paper: amounts of money in capital figures (大写金额)."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capital_amount(amount, currency="人民币"):
    """An amount of money in capital figures, as on agreements, invoices and cheques.

    Follows 支付结算办法, 正确填写票据和结算凭证的基本规定: one 零 for any run of zeros between figures, none
    for the zeros at the end of a group of four, and 整 unless the amount ends with 分.

    :param amount: int, float, str or Decimal; rounded to 分
    :param str currency: text before the amount
    :raises ValueError: from 10 ** 16 yuan on
    :rtype: str
    """
    cents = int((Decimal(str(amount)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    sign = "负" if cents < 0 else ""
    yuan, cents = divmod(abs(cents), 100)
    jiao, fen = divmod(cents, 10)
    text = f"{_capital_integer(yuan)}元" if yuan else ""
    if jiao:
        # 零 before 角 only after a round number of yuan: 壹拾元零伍角
        text += ("零" if yuan and yuan % 10 == 0 else "") + DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    text = text + DIGITS[fen] + "分" if fen else (text or "零元") + "整"
    return f"{currency}{sign}{text}"


def _capital_integer(number):
    """A positive whole number in capital figures."""
    if number >= 10 ** (4 * len(GROUPS)):
        raise ValueError(f"{number} is too large to be written in capital figures")
    text, zero = "", False
    for position in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**position % 10
        if digit:
            text += ("零" if zero else "") + DIGITS[digit] + PLACES[position % 4]
            zero = False
        elif text:
            zero = True
        if position % 4 == 0 and number // 10**position % 10000:
            text += GROUPS[position // 4]
    return text

"""The templates of the tables that can be taken over: titles, examples, explanations. No model is in here."""

import io

import xlsxwriter

from ...tools.workbooks import TEXT_OPTIONS
from .kinds import AGREEMENTS, LEDGER, TICKETS

# name of the file and of the sheet
NAMES = {LEDGER: "客户软件台账", AGREEMENTS: "在用服务合同", TICKETS: "未结工单"}
# title, example in two rows, explanation; a title with * is needed
COLUMNS = {
    LEDGER: [
        (
            "客户名称*",
            "杭州示例商贸有限公司",
            "宁波样本机电有限公司",
            "单位全称。同一客户写几行时，每行都写或合并单元格均可。",
        ),
        (
            "统一社会信用代码",
            "91330106MA00000A0X",
            "",
            "有则先按它认客户，没有则按名称（空格、全角半角和“有限公司”不算差别）。",
        ),
        ("区域", "西湖区", "", "客户所在区域。"),
        ("地址", "杭州市西湖区示例路 1 号", "", ""),
        ("联系人", "张三", "李四", "一格一人；再有联系人时，另加“联系人”“电话”两列。"),
        ("手机", "13800000000", "13900000000/13700000000", "几个号码用 / 、 ， 分开；座机写区号。"),
        ("座机", "0571-55500000", "", ""),
        ("QQ", "10001000", "", ""),
        ("邮箱", "zhangsan@example.com", "", ""),
        ("部门", "财务部", "", ""),
        ("职务", "会计", "", ""),
        (
            "软件名称*",
            "（系统里的软件名称）",
            "（系统里的软件名称）",
            "与系统里的产品名称一致，空格和全角半角不算差别。只登记客户时可不填。",
        ),
        ("版本", "V8.1", "", ""),
        (
            "序列号",
            "JY-0000001-ABC",
            "JY-0000002-ABC、JY-0000003-ABC",
            "几个序列号写在一格里，就是几套软件。没有就空着，或写“无”。请把整列设为文本格式。",
        ),
        (
            "安装日期",
            "2025-01-05",
            "2025.3.1",
            "2025-01-05、2025.1.5、2025/1/5、20250105、2025年1月5日均可。不知道就空着，系统不会代填。",
        ),
        (
            "服务开始日期",
            "2025-01-05",
            "2025.3.1",
            "只写年月（2025年3月）时，开始算当月第一天，到期算当月最后一天。",
        ),
        (
            "服务到期日期",
            "2026-01-04",
            "2026.2.28赠送三个月",
            "最后一天，含当天。“赠送三个月”会顺延；“永久”只作备注保留，不形成服务期。",
        ),
        ("服务专员", "（同事姓名）", "（同事姓名）", "系统用户的姓名；两人同名时写登录名。"),
        ("备注", "", "服务器在财务室", ""),
    ],
    AGREEMENTS: [
        (
            "合同编号",
            "FW2025-001",
            "FW2025-002",
            "有编号先按编号认合同；没有时按客户、软件、合同开始日期。一份合同几套软件时写几行，编号相同。",
        ),
        ("客户名称*", "杭州示例商贸有限公司", "宁波样本机电有限公司", "台账里没有的客户会新建。"),
        ("统一社会信用代码", "", "", ""),
        ("软件名称*", "（系统里的软件名称）", "（系统里的软件名称）", "台账里没有的软件会新建。"),
        ("序列号", "JY-0000001-ABC", "", "客户有几套同样的软件时，请写序列号。"),
        ("合同开始日期*", "2025-01-05", "2025.3.1", ""),
        ("合同结束日期*", "2026-01-04", "2026.2.28", "最后一天，含当天。"),
        ("签订日期*", "2024-12-20", "2025.2.20", "签订的合同按“已签订”接收，不再开票。"),
        ("合同金额", 1200, "1,200.00", "只作记录和下次续签的参考。"),
        ("是否付款", "是", "否", "已付款的合同，合同期就是服务期。"),
        ("付款日期", "2024-12-30", "", "不知道就空着。"),
        ("服务专员", "（同事姓名）", "", ""),
        ("备注", "", "", ""),
    ],
    TICKETS: [
        ("工单编号*", "GD-1001", "GD-1002", "原系统里的编号；再次导入时按它识别，不会重复。"),
        ("受理日期", "2026-01-05", "2026.1.6", ""),
        ("客户名称*", "杭州示例商贸有限公司", "宁波样本机电有限公司", ""),
        ("联系人", "张三", "李四", ""),
        ("联系电话", "13800000000", "0574-55500000", ""),
        ("软件名称", "（系统里的软件名称）", "", ""),
        ("序列号", "JY-0000001-ABC", "", ""),
        ("问题描述*", "月末结账时提示凭证断号", "报表打不开", ""),
        ("受理方式", "", "", "系统里的渠道名称，如 电话、QQ。"),
        ("类别", "", "", "系统里的工单类别名称。"),
        ("处理人", "（同事姓名）", "", ""),
        ("状态", "处理中", "待处理", "已完成、已关闭的工单不接收。"),
        ("备注", "", "", ""),
    ],
}
GENERAL = (
    "第一行是列标题，可以改动、增减、换位置；常见的其他叫法也能认出。标 * 的列必须有。",
    "第二、三行是示例，导入时不会被接收，删去与否均可。",
    "没有填的单元格不会改动系统里已有的内容；同一张表再导入一次，没有变化的行不会有任何改动。",
    "导入前会逐行试一遍，说明哪几行有什么问题；可以只接收没有问题的行，其余下载下来改好再导入。",
    "在负责人点击“正式启用”之前，接收的数据不会发出任何客户邮件、催办、回访和考核。",
)


def make_template(code):
    """The template of a kind of table.

    :param str code: code of the kind
    :return: content of a workbook
    :rtype: bytes
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**TEXT_OPTIONS, "in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#DDE7F0", "border": 1, "valign": "vcenter"}
        )
        needed = book.add_format(
            {"bold": True, "bg_color": "#F7E3C5", "border": 1, "valign": "vcenter"}
        )
        example = book.add_format({"font_color": "#888888", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(NAMES[code])
        for place, (title, first, second, _why) in enumerate(COLUMNS[code]):
            # a column of texts: Excel leaves serial numbers, telephones and days as they are typed
            sheet.set_column(place, place, max(12, min(len(title) * 2 + 2, 24)), text)
            sheet.write_string(0, place, title, needed if title.endswith("*") else head)
            for line, value in enumerate((first, second), 1):
                if value != "":
                    sheet.write_string(line, place, str(value), example)
        sheet.set_row(0, 24)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 22)
        notes.set_column(1, 1, 90)
        for line, note in enumerate(GENERAL):
            notes.merge_range(line, 0, line, 1, note, wrapped)
        start = len(GENERAL) + 1
        notes.write_string(start, 0, "列", head)
        notes.write_string(start, 1, "怎样填写", head)
        for line, (title, _first, _second, why) in enumerate(COLUMNS[code], start + 1):
            notes.write_string(line, 0, title)
            notes.write_string(line, 1, why, wrapped)
    return out.getvalue()

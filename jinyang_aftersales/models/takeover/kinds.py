"""The tables that are taken over: their columns, and the titles people give them. No model is in here.

A title is compared without blanks, width, brackets and what stands in them. ``!`` before a title says that it also
names what the contact does: the column of the accountant holds a contact who is the accountant.
"""

import re
from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

from ...tools.cells import words
from ...tools.keys import plain

# texts made where no environment is, and translated where they are shown
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

LEDGER, AGREEMENTS, TICKETS = "ledger", "agreements", "tickets"
# columns that may be there several times; those of contacts belong to the contact before them
SEVERAL = frozenset({"contact", "phone", "qq", "email", "department", "function", "remark"})
OF_CONTACTS = frozenset({"contact", "phone", "qq", "email", "department", "function"})
# columns that are written once for a customer with several rows
OF_CUSTOMER = OF_CONTACTS | {"customer", "tax_id", "address", "area", "company_phone", "specialist"}
OF_SOFTWARE = frozenset({"product", "version", "serial", "installed", "from", "to", "period"})
# titles that mean a colleague or a contact, which the names in the column tell
EITHER = frozenset(["负责人", "责任人", "经办人", "对接人", "跟进人", "业务员", "经手人"])

_CUSTOMER = """
    客户名称 客户 客户单位 客户名 客户全称 单位名称 单位 单位全称 公司 公司名称 公司全称 用户单位 用户名称 用户
    用户全称 企业名称 企业 企业全称 名称 使用单位 购买单位 购货单位 甲方 甲方单位 最终用户 最终客户 客户公司
    客户（单位）名称 客户单位名称 委托单位 客户名称全称 报修单位 申请单位 客户/单位 服务单位 单位（客户）名称
"""
_TAX = """
    统一社会信用代码 社会信用代码 信用代码 税号 纳税人识别号 纳税识别号 客户税号 单位税号 纳税人税号 税务登记号
    统一信用代码 组织机构代码
"""
_CONTACT = """
    联系人 客户联系人 联系人姓名 姓名 软件负责人 使用人 操作员 操作人员 主要联系人 备用联系人 第二联系人 联系人1
    联系人2 联系人一 联系人二 客户对接人 单位联系人 报修人 联系人(软件) 软件联系人 客户负责人 !会计 !财务
    !财务负责人 !财务主管 !财务经理 !财务人员 !财务联系人 !主办会计 !主管会计 !总账会计 !出纳 !老板 !法人
    !总经理 !经理 !网管 !信息主管 !系统管理员 !it负责人 !信息科 !办公室主任 !法人代表 !仓管 !库管
"""
_PHONE = """
    电话 联系电话 联系方式 手机 手机号 手机号码 移动电话 电话号码 座机 固定电话 固话 办公电话 联系手机
    联系人电话 联系人手机 客户电话 客户手机 客户联系电话 客户联系方式 座机号码 备用电话 第二电话 电话1 电话2
    手机1 手机2 联系电话1 联系电话2 会计电话 财务电话 财务手机 老板电话 联系人联系方式 电话/手机 手机/电话
    联系人座机 固定电话号码 报修电话 tel mobile 电话一 电话二 法人电话 出纳电话 财务负责人电话 电话（手机）
    固话号码 其他电话
"""
_PRODUCT = """
    软件 软件名称 产品 产品名称 软件产品 使用软件 购买产品 购买软件 产品型号 软件型号 品名 商品名称 使用产品
    安装软件 软件品种 软件名 产品/软件 软件/产品 软件及版本 产品及版本 产品名 所用软件 所购软件 软件模块
    系统名称 使用系统 软件系统
"""
_SERIAL = """
    序列号 产品序列号 软件序列号 加密狗号 加密锁号 加密狗 狗号 锁号 加密狗编号 软件狗号 软件锁号 加密锁 注册号
    注册码 授权号 授权码 激活码 许可证号 产品编号 软件编号 sn 产品sn s/n 序列号/狗号 加密狗序列号 产品序号
    产品号 服务号 序列号（加密狗号） 软件序号 序列编号 序列号sn 许可号 产品识别码 软件号
"""
_SPECIALIST = """
    服务专员 专员 软件专员 客服 客服专员 客服人员 维护人 维护人员 服务人员 服务工程师 服务负责人 服务员 工程师
    技术支持 技术员 技术人员 客户经理 我方负责人 责任专员 售后 售后人员 售后专员 跟进人员 客户专员 维护工程师
    软件客服 负责专员 维护责任人 售后工程师 维护 服务顾问 实施顾问
"""
_REMARK = """
    备注 说明 备注说明 备注信息 情况说明 其他 其它 备考 附注 特殊说明 备注1 备注2 备注一 备注二 其他说明
    客户情况 使用情况
"""
_COMMON = {
    "customer": _CUSTOMER,
    "tax_id": _TAX,
    "contact": _CONTACT,
    "phone": _PHONE,
    "qq": "qq qq号 qq号码 联系qq 客户qq 腾讯qq",
    "email": "邮箱 电子邮箱 e-mail email 电子邮件 邮件 邮箱地址 联系邮箱 邮件地址",
    "function": "职务 职位 岗位 联系人职务 联系人职位",
    "department": "部门 所在部门 科室 客户部门 使用部门",
    "product": _PRODUCT,
    "serial": _SERIAL,
    "specialist": _SPECIALIST,
    "remark": _REMARK,
}
_FROM = """
    服务开始 服务起始 服务开始日期 服务起始日期 服务开始日 服务起始日 服务开始时间 服务起始时间 开始日期
    起始日期 开始时间 起始时间 起始日 开始日 服务起 服务自 服务期起 服务期开始 服务期起始 服务期限起
    服务期限开始 服务期限起始 维护开始 维护开始日期 维护起始日期 维护起始 生效日期 服务期自 服务起日
    服务开通日期 服务期始 有效期起 服务开始日期（起） 服务期间起 服务期间开始 服务开始 起 服务生效日期 维保开始
    维保开始日期 维保起始日期 起日 服务启始日期 服务起止起 维护期起 服务有效期起 服务开始年月
"""
_TO = """
    到期日 到期日期 到期时间 服务到期 服务到期日 服务到期日期 服务到期时间 服务终止 服务终止日 服务终止日期
    服务截止 服务截止日 服务截止日期 服务截止时间 服务结束 服务结束日期 服务结束时间 结束日期 结束时间 终止日期
    截止日期 截止时间 截止日 结束日 终止日 服务止 服务至 服务期止 服务期至 服务期结束 服务期到期 服务期终止
    服务期限止 服务期限结束 服务期限到期 有效期至 服务有效期至 有效期止 维护到期 维护到期日 维护到期日期
    维护结束日期 维护截止日期 维护止 失效日期 到期 服务期末 止 止日 服务期间止 服务期间结束 维保到期 维保到期日
    维保到期日期 维保结束日期 服务失效日期 服务到期年月 服务届满 维护期止 服务有效期止 服务期满 服务有效期
    维护到期时间
"""
_PERIOD = """
    服务期 服务期限 服务期间 服务时间 服务周期 服务起止 服务起止日期 服务起止时间 起止日期 起止时间 起止 维护期
    维护期限 维护时间 维护起止日期 维保期 维保期限 有效期 有效期限 服务日期 服务时段 服务年限起止 服务区间
    服务有效期间 服务期（起止）
"""


def _titles(text):
    return [title for title in text.split() if title]


@dataclass(frozen=True)
class Kind:
    """One kind of table: its code, what it is called, its columns with their titles, and which of them it needs."""

    code: str
    label: object
    columns: dict
    needs: tuple
    # one of these tells the kind apart from the others
    marks: tuple


KINDS = {
    LEDGER: Kind(
        LEDGER,
        _lt("Customers and Software"),
        {
            **_COMMON,
            "address": """
                地址 单位地址 客户地址 公司地址 详细地址 通讯地址 联系地址 办公地址 安装地址 单位详细地址
                经营地址 通信地址 注册地址
            """,
            "area": "区域 地区 所在地区 所属区域 片区 所在区域 所属地区 服务区域 区县 所在区县 区",
            "company_phone": "公司电话 单位电话 企业电话 单位座机 公司座机 总机",
            "version": "版本 版本号 软件版本 产品版本 版次 当前版本",
            "installed": """
                安装日期 安装时间 安装日 实施日期 上线日期 购买日期 购买时间 购买日 装机日期 启用日期 开通日期
                购置日期 软件安装日期 软件购买日期 销售日期 初装日期 首次安装日期 购入日期 安装年月 购买年月
            """,
            "from": _FROM,
            "to": _TO,
            "period": _PERIOD,
        },
        ("customer",),
        (),
    ),
    AGREEMENTS: Kind(
        AGREEMENTS,
        _lt("Agreements in Force"),
        {
            **_COMMON,
            "number": """
                合同编号 合同号 协议编号 协议号 服务合同号 服务合同编号 服务协议编号 合同代码 合同号码
                服务协议号
            """,
            "from": f"""
                合同开始日期 合同开始 合同起始日期 合同起始日 合同起始 合同开始日 合同生效日期 合同期起
                合同期限起 协议开始日期 合同开始时间 合同起 合同期开始 合同期限开始 协议起始日期 {_FROM}
            """,
            "to": f"""
                合同结束日期 合同到期日 合同到期日期 合同到期 合同终止日期 合同截止日期 合同结束 合同结束日
                合同期止 合同期限止 协议到期日期 协议结束日期 合同到期时间 合同止 合同终止日 合同期结束
                合同期限结束 {_TO}
            """,
            "period": f"合同期限 合同期 合同期间 合同起止日期 合同起止 合同有效期 协议期限 合同起止时间 {_PERIOD}",
            "signed_on": """
                签订日期 签约日期 签署日期 签订时间 签约时间 签字日期 签订日 签约日 合同签订日期 合同签订时间
                合同日期 合同签约日期 协议签订日期
            """,
            "amount": """
                金额 合同金额 合同总额 服务费 年服务费 年费 服务金额 服务费用 合同价 价税合计 总金额 合同额
                年服务费（元） 维护费 服务费金额 合同总价
            """,
            "paid": """
                是否付款 是否已付款 是否已付 是否收款 付款情况 收款情况 付款状态 收款状态 已付款 已收款 是否到账
                回款情况 是否回款 是否付清 付清 款项
            """,
            "paid_on": "付款日期 收款日期 到账日期 回款日期 付款时间 收款时间 到账时间 付清日期",
        },
        ("customer",),
        ("number", "signed_on"),
    ),
    TICKETS: Kind(
        TICKETS,
        _lt("Open Tickets"),
        {
            **_COMMON,
            "number": """
                工单号 工单编号 原单号 原工单号 受理编号 受理单号 报修单号 服务单号 服务单编号 单号 报修编号
                问题编号 记录编号 任务编号 原系统单号
            """,
            "reported_on": """
                报修日期 报修时间 受理日期 受理时间 登记日期 登记时间 提出日期 提出时间 反馈日期 反馈时间
                接单日期 接单时间 来电日期 来电时间 日期 服务日期 发生日期 创建日期 创建时间 问题日期
            """,
            "title": "标题 主题 问题标题 问题摘要 摘要 问题简述 工单标题",
            "description": """
                问题描述 故障描述 故障现象 报修内容 服务内容 问题内容 需求描述 描述 问题 客户问题 故障内容
                反馈内容 问题说明 需求 事项 问题现象 客户需求 受理内容 来电内容 具体问题 详细描述
            """,
            "channel": "受理方式 服务方式 来源 渠道 报修方式 受理渠道 服务渠道 来电方式 方式 联系渠道 来源渠道",
            "category": "类别 问题类别 服务类别 分类 问题分类 类型 问题类型 服务类型 工单类别 工单类型",
            "specialist": f"处理人 受理人 处理人员 受理人员 接单人 指派给 承办人 处理工程师 {_SPECIALIST}",
            "state": "状态 处理状态 工单状态 进度 处理进度 办理状态 完成情况 是否完成 处理情况 是否解决",
        },
        ("customer",),
        ("description", "number", "title"),
    ),
}

# customers of the examples in the templates
EXAMPLES = frozenset({"杭州示例商贸有限公司", "宁波样本机电有限公司"})

# titles of columns that are known and hold nothing to be taken over
IGNORED = words(
    """
    序号 编号 序 no no. 行号 id 服务费 年费 金额 费用 发票 开票 是否开票 开票情况 服务金额 年服务费 状态
    到期天数 剩余天数 合同号 合同编号 数量 单价 站点数 用户数 站点 用户数/站点 服务状态 是否续费 续费情况 维护费
    客户编号 客户编码 月份 年份
    """
)
# for titles that nobody foresaw; none for days of other things than the service
# of a day of which nobody knows more than that something begins
OPENED = frozenset(["开通日期", "启用日期", "开通时间", "启用时间"])
_OTHER = re.compile("上次|上期|上年|原|续费|质保|发票|开票|付款|回访|去年|预计|下次|生日|提醒")
_LIKE = (
    ("to", re.compile("到期|截止|终止|结束|有效期至|届满")),
    ("from", re.compile("起始|开始|生效")),
    ("tax_id", re.compile("信用代码|纳税人?识别")),
    ("serial", re.compile("序列号|加密狗|加密锁|狗号")),
    ("phone", re.compile("^(?!.*(公司|单位|客服)).*(电话|手机|座机)")),
    ("customer", re.compile("(客户|单位|公司|用户|企业)(名称|全称)")),
    ("product", re.compile("(软件|产品)(名称|品名)")),
    ("installed", re.compile("(安装|装机|购买)(日期|时间)")),
)


def title_key(text):
    """A title without what does not tell it from others: blanks, width, brackets, marks of fields that are required.

    :rtype: str
    """
    text = re.sub(r"[\s*＊:：、.。_\-—·★●]", "", plain(text)).lower()
    return re.sub(r"[(（\[【<《].*?[)）\]】>》]", "", text) or text


_KNOWN = {
    kind.code: {
        title_key(title.removeprefix("!")): (key, title.startswith("!"))
        for key, titles in kind.columns.items()
        for title in _titles(titles)
    }
    for kind in KINDS.values()
}


def find_key(code, title, group=""):
    """The column of a kind of table that has a title.

    :param str code: code of the kind
    :param str title: title as written
    :param str group: title above it, of several columns
    :return: the key and what the contact does; ``("", "")`` for a title that is known and not used, ``None`` for others
    :rtype: tuple[str, str] | None
    """
    known = _KNOWN[code]
    names = [title_key(title)]
    if group:
        above = title_key(group)
        names = [
            above + names[0],
            re.sub("(信息|资料|情况|明细|档案|部分)$", "", above) + names[0],
            names[0],
        ]
    for name in names:
        if name in known:
            key, tells = known[name]
            above = known.get(title_key(group)) if group else None
            if key == "contact" and not tells and above and above[1]:
                return key, plain(group).strip()
            return key, (plain(title).strip() if tells else "")
        if name in EITHER:
            return "either", ""
        if name in IGNORED:
            return "", ""
    for name in names:
        if name and len(name) <= 16 and not _OTHER.search(name):
            for key, like in _LIKE:
                if key in KINDS[code].columns and like.search(name):
                    return key, ""
    return None


def get_single_title(code, column):
    """A title in one row under which a column is recognised again; that of the file where it serves.

    :param str code: code of the kind
    :param dict column: title, key and function of a column
    :rtype: str
    """
    title, key, function = column["title"], column["key"], column["function"]
    if not key:
        return title
    titles = (function, title, title.replace(" ", ""), title.split(" ")[-1])
    known = [one for one in titles if one and find_key(code, one) in ((key, ""), (key, function))]
    if function:
        known = [one for one in known if find_key(code, one) == (key, function)] or known
    return next(iter(known), None) or KINDS[code].columns[key].split()[0].removeprefix("!")


# what a column holds, for its reader
KEY_LABELS = {
    "customer": _lt("Customer"),
    "tax_id": _lt("Tax Number"),
    "address": _lt("Address"),
    "area": _lt("Area"),
    "company_phone": _lt("Customer's Telephone"),
    "contact": _lt("Contact"),
    "phone": _lt("Telephone of the Contact"),
    "qq": _lt("QQ Number"),
    "email": _lt("E-mail"),
    "department": _lt("Department"),
    "function": _lt("Position of the Contact"),
    "product": _lt("Software"),
    "version": _lt("Version"),
    "serial": _lt("Serial Number"),
    "installed": _lt("Installation Date"),
    "from": _lt("First Day of Service"),
    "to": _lt("Last Day of Service"),
    "period": _lt("First and Last Day of Service"),
    "specialist": _lt("Specialist"),
    "remark": _lt("Remark"),
    "number": _lt("Number"),
    "signed_on": _lt("Day of the Signature"),
    "amount": _lt("Amount"),
    "paid": _lt("Paid?"),
    "paid_on": _lt("Day of Payment"),
    "reported_on": _lt("Reported On"),
    "title": _lt("Title"),
    "description": _lt("Description"),
    "channel": _lt("Channel"),
    "category": _lt("Category"),
    "state": _lt("State"),
}

"""Invented customers, persons and software of the made ledgers; what is true, before anybody writes it down."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from stdnum.cn import uscc

PRODUCTS = {
    "QF1": "启擎财务 标准版",
    "QF2": "启擎财务 专业版 V8",
    "QJ5": "启擎进销存 V5.2",
    "QE1": "启擎 ERP 旗舰版",
    "QM1": "启擎生产管理 MES",
    "JG1": "金洋工资管理",
    "JZ2": "金洋固定资产 (网络版)",
    "JC1": "金洋出纳通",
    "JS3": "金洋税务助手",
    "YO1": "云砚 OA 协同办公",
    "YC1": "云砚 CRM",
    "HK1": "和账 KIT 迷你版",
    "HK2": "和账 KIT 商贸版 12.0",
    "HD1": "和账云代账",
}
PEOPLE = {
    "wang.lei": "王磊",
    "chen.jing": "陈静",
    "zhao.min": "赵敏",
    "sun.haoran": "孙浩然",
    "zhou.qian": "周倩",
    "wu.gang": "吴刚",
}
# place, area code of its telephones, region of tax numbers
CITIES = [
    ("杭州", "0571", "330106", ("西湖区", "拱墅区", "滨江区", "萧山区")),
    ("南京", "025", "320102", ("玄武区", "鼓楼区", "江宁区")),
    ("苏州", "0512", "320508", ("姑苏区", "吴中区", "工业园区")),
    ("宁波", "0574", "330203", ("海曙区", "鄞州区", "镇海区")),
    ("武汉", "027", "420106", ("武昌区", "汉阳区", "东湖高新区")),
    ("成都", "028", "510107", ("武侯区", "锦江区", "青羊区")),
    ("青岛", "0532", "370202", ("市南区", "崂山区", "城阳区")),
    ("长沙", "0731", "430102", ("岳麓区", "芙蓉区", "雨花区")),
]
WORDS = [
    "禾澜",
    "沐砚",
    "岚栖",
    "砺澄",
    "桐屿",
    "芷汀",
    "朗垣",
    "霁川",
    "棠溪畔",
    "榕隐",
    "泊舟里",
    "珩石",
    "砚秋",
    "澜汐",
    "筠谷",
    "昱恒泽",
    "恺禾",
    "茗垄",
    "苇岸",
    "稷丰源",
    "璟曜",
    "栎园",
    "漪林",
    "坤岚",
    "鹿鸣垄",
    "晞源",
    "拓岩",
    "沣禾",
    "铭砾",
    "朔屿",
    "槿华",
    "翎羽",
    "峤峰",
    "渌水",
    "垚润",
    "煦阳坡",
    "锦砚",
    "蘅芷",
    "涵碧湾",
    "苍梧里",
]
RARE_WORDS = ("䶮盛", "㛃源", "𬭎兴", "瑾䶮", "𬱟达", "㑇和")
TRADES = [
    "五金制品",
    "纺织",
    "食品",
    "物流",
    "机电设备",
    "建材",
    "包装",
    "电子科技",
    "医疗器械",
    "园林工程",
    "印务",
    "汽车配件",
    "塑料制品",
    "餐饮管理",
    "服饰",
    "化工",
    "商贸",
    "家具",
]
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
SURNAMES = (
    "李王张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏"
)
GIVEN = [
    "丽",
    "静",
    "敏",
    "燕",
    "芳",
    "娜",
    "秀英",
    "婷婷",
    "晓梅",
    "雪梅",
    "志强",
    "建国",
    "海燕",
    "文博",
    "子涵",
    "玉兰",
    "红霞",
    "明辉",
    "思远",
    "佳怡",
    "春花",
    "立新",
    "桂芝",
    "一鸣",
    "若琳",
    "冬梅",
]
MOBILES = ("138", "139", "136", "158", "186", "177", "199", "135")
STREETS = ("栖霞路", "文澜街", "江晖路", "工农路", "创业大道", "望湖路", "锦业二路")
REMARKS = (
    "客户要求每季度上门一次",
    "服务器在财务室",
    "需开专票",
    "周五下午不接电话",
    "加密狗换过一次",
    "多用户版，3个站点",
    "数据在U盘有备份",
    "老客户介绍",
)


@dataclass
class Contact:
    """A person of a customer; telephones in canonical writing."""

    name: str
    mobiles: list = field(default_factory=list)
    landlines: list = field(default_factory=list)
    qq: str = ""
    function: str = ""

    @property
    def phones(self):
        return [*self.mobiles, *self.landlines]


@dataclass
class Customer:
    """A customer; the name is the one to be stored."""

    name: str
    tax_id: str
    area: str
    address: str
    contacts: list
    specialist: str


@dataclass
class Row:
    """One software of a customer: what a row of a ledger is about.

    ``cells`` holds what is written down in another way than the ledger writes as a rule, by key of the column;
    ``follows`` says that the customer is written only in the row above.
    """

    customer: Customer
    product: str
    version: str = ""
    serials: list = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    installed: date | None = None
    remark: str = ""
    cells: dict = field(default_factory=dict)
    follows: bool = False
    kept: list = field(default_factory=list)
    refused: str = ""
    hidden: bool = False
    colour: str = ""
    contacts: list = None


class World:
    """Makes facts, the same ones each time; nothing is given out twice."""

    def __init__(self):
        self.random = random.Random("ledgers")  # noqa: S311
        self.names, self.serials, self.number = set(), set(), 1000

    def pick(self, values):
        return self.random.choice(list(values))

    def next_number(self):
        self.number += self.random.randint(3, 9)
        return self.number

    def mobile(self):
        return f"{self.pick(MOBILES)}0000{self.next_number()}"

    def landline(self, code):
        # seven digits behind a code were never given out where the codes are long enough for eight
        return f"{code}-5550{self.next_number()}"

    def contact(self, code, function=""):
        has_landline = self.random.random() < 0.25
        return Contact(
            self.pick(SURNAMES) + self.pick(GIVEN),
            [] if has_landline else [self.mobile()],
            [self.landline(code)] if has_landline else [],
            str(self.random.randint(10**7, 10**9)),
            function,
        )

    def customer(self, rare=False):
        place, code, region, areas = self.pick(CITIES)
        while True:
            core = place + self.pick(RARE_WORDS if rare else WORDS) + self.pick(TRADES)
            if core not in self.names:
                break
        self.names.add(core)
        area = self.pick(areas)
        body = "".join(self.pick("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
        number = f"91{region}MA{body}"
        return Customer(
            core + self.pick(FORMS),
            number + uscc.calc_check_digit(number),
            area,
            f"{place}市{area}{self.pick(STREETS)}{self.random.randint(2, 399)}号",
            [self.contact(code)],
            self.pick(PEOPLE),
        )

    def serial(self):
        while True:
            number = self.random.randint(10**6, 10**7 - 1)
            letters = "".join(self.pick("ABCDEFGHKLMNPRSTUVWXYZ") for _ in range(3))
            made = self.pick(
                (
                    f"JY-{number}-{letters}",
                    f"{letters}{number}",
                    f"QQ-{number // 1000}-{number % 1000:03d}-{letters}",
                    f"{number}{number % 89 + 10}",
                )
            )
            if made not in self.serials:
                self.serials.add(made)
                return made

    def period(self):
        start = date(2023, 1, 1) + timedelta(days=self.random.randint(0, 1200))
        if self.random.random() < 0.4:
            start = start.replace(day=1)
        return start, whole_years(start, self.pick((1, 1, 1, 2)))

    def row(self, customer, taken=()):
        start, end = self.period()
        return Row(
            customer,
            self.pick(sorted(set(PRODUCTS) - set(taken))),
            self.pick(("", "V8.1", "V9.0", "12.5")),
            [self.serial()],
            start,
            end,
            start - timedelta(days=self.random.randint(0, 20)),
            self.pick(REMARKS) if self.random.random() < 0.2 else "",
        )


def whole_years(start, years):
    """Last day of service of so many years.

    :rtype: datetime.date
    """
    return safe_date(start.year + years, start.month, start.day) - timedelta(days=1)


def safe_date(year, month, day):
    """The day, or the next one where the year has no 29 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1)


def months_later(end, months):
    """Last day of service when it goes on for more months: counted from the first day without service.

    :rtype: datetime.date
    """
    free = end + timedelta(days=1)
    month = free.month - 1 + months
    return safe_date(free.year + month // 12, month % 12 + 1, free.day) - timedelta(days=1)


def last_of_month(day):
    """Last day of the month.

    :rtype: datetime.date
    """
    return months_later(day.replace(day=1) - timedelta(days=1), 1)

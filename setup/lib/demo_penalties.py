"""A month of penalties of the demo company, from the proposal to deductions and spending of the fund.

Past actions are entered on their day by the user who would do them; cases are found by the search of the product.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from demo_clock import frozen
from demo_work import drawn_signature

from odoo.fields import Command

ADDON = "jinyang_aftersales"
PENALTY = "jinyang_aftersales_penalty"
WAGES = {
    "liu.jianguo": 12000,
    "wang.fang": 9000,
    "zhao.gang": 9000,
    "li.wei": 6500,
    "zhang.min": 6000,
    # a small wage, of which the legal limit is soon reached
    "chen.jing": 3200,
    "sun.li": 5500,
    "wu.tao": 8500,
    "zhou.jie": 5000,
}
MINIMUM_WAGE = 2540
# days before today: cases a manager enters
ENTERED = (
    (40, "LAST_OUT", ("zhang.min", "li.wei"), "值班结束后机房门窗未关，早班同事发现", {}),
    (36, "UNREACHABLE", ("zhang.min",), "工作日上午三次联系不上，客户等待两小时", {"amount": 30}),
    (34, "LATE_MEETING", ("li.wei",), "周五质量例会迟到二十分钟", {}),
    (33, "ABSENT_MEETING", ("chen.jing",), "无故缺席新版本培训", {}),
    (
        31,
        "MISCONDUCT",
        ("zhang.min",),
        "未经客户同意在客户服务器上安装软件",
        {"outcome": "warning"},
    ),
    (30, "DAMAGE", ("chen.jing",), "误删客户备份，公司赔偿客户数据恢复费用", {"amount": 900}),
    (
        29,
        "MISCONDUCT",
        ("zhang.min",),
        "警告后再次违反客户数据保密规定",
        {"outcome": "fine", "amount": 200},
    ),
    (
        28,
        "MISCONDUCT",
        ("chen.jing",),
        "试用期后仍多次不能独立完成安装",
        {"outcome": "resign"},
    ),
)
# The number of days before today on which the employees are told. Decisions are made by the end of last month, so
# that its payslips take the fines.
TOLD = 24

# text of the objection, reason of the decision, whether the objection is accepted
OBJECTIONS = {
    ("LAST_OUT", "li.wei"): (
        "当天我在客户现场，门窗由晚班同事负责",
        "情况属实，当天李伟不在公司，免予处罚",
        True,
    ),
    ("LATE_MEETING", "li.wei"): (
        "路上遇到交通事故",
        "未按规定在会前电话说明，异议不成立",
        False,
    ),
}


class DemoPenalties:
    """Builder of the month; it uses the documents of the year."""

    def __init__(self, env):
        context = {"lang": "zh_CN", "tz": "Asia/Shanghai", "mail_notify_force_send": False}
        self.env = env(context={**env.context, **context})
        self.company = self.env.company
        self.today = self.company._aftersales_today()
        users = self.env["res.users"].search([("login", "in", list(WAGES))])
        self.user = {user.login: user for user in users}
        self.manager, self.director = self.user["wang.fang"], self.user["liu.jianguo"]
        self.specialists = [self.user[name] for name in ("li.wei", "zhang.min", "chen.jing")]
        # the decision follows nine days after the notice
        self.shift = max(0, self.today.day + 9 - TOLD)
        self.customers = (
            self.env["aftersales.installation"]
            .search([])
            .partner_id.filtered("software_contact_id")
        )

    def build(self):
        """Make the month; the order matters."""
        self.make_wages()
        self.begin_rules()
        self.regulate()
        self.make_late_records()
        self.make_lost_form()
        self.make_complaints()
        self.make_implementation()
        self.enter_cases()
        self.search_cases()
        self.decide()
        self.decide_sanctions()
        self.pay()
        self.spend()

    def day(self, days):
        """A day some days ago; further back late in a month, so that the fines of last month are decided in it."""
        return self.today - timedelta(days=days + (self.shift if days >= TOLD else 0))

    def at(self, days, hour=10):
        """A time of such a day in the company's time zone, as naive UTC."""
        return self.company._aftersales_moment(self.day(days), hour)

    # -- wages -----------------------------------------------------------------------------------

    def make_wages(self):
        """A salary structure, and contracts that began two years ago."""
        self.company.aftersales_minimum_wage = MINIMUM_WAGE
        category, rules = self.env["hr.salary.rule.category"], self.env["hr.salary.rule"]
        lines = self.env.ref(f"{PENALTY}.salary_rule_penalty")
        for code, name, sequence, python in (
            ("BASIC", "基本工资", 1, "contract.wage"),
            ("GROSS", "应发工资", 100, "categories.BASIC"),
            ("NET", "实发工资", 200, "categories.BASIC + categories.DED"),
        ):
            known = category.search([("code", "=", code)], limit=1)
            known = known or category.create({"name": name, "code": code})
            lines |= rules.create(
                {
                    "name": name,
                    "code": code,
                    "sequence": sequence,
                    "category_id": known.id,
                    "condition_select": "none",
                    "amount_select": "code",
                    "amount_python_compute": f"result = {python}",
                }
            )
        self.structure = self.env["hr.payroll.structure"].create(
            {
                "name": "月薪",
                "code": "MONTH",
                "parent_id": False,
                "rule_ids": [Command.set(lines.ids)],
            }
        )
        begin = self.today.replace(day=1) - relativedelta(years=2)
        for login, wage in WAGES.items():
            self.user[login].employee_id.version_id.write(
                {
                    "date_version": begin,
                    "contract_date_start": begin,
                    "wage": wage,
                    "struct_id": self.structure.id,
                }
            )

    def begin_rules(self):
        """Let the rules begin a quarter ago: with an earlier day cases of the whole year would be found."""
        rules = self.env["aftersales.penalty.rule"].search([])
        # By SQL: the product refuses rules that begin before they were created.
        self.env.cr.execute(
            "UPDATE aftersales_penalty_rule SET date_from = %s WHERE id = ANY(%s)",
            (self.day(45), rules.ids),
        )
        rules.invalidate_recordset()

    def regulate(self):
        """Release the regulation for the service department; all but two acknowledge it, two make a suggestion."""
        regulation = self.env.ref(f"{ADDON}.regulation_jinyang").with_user(self.director)
        with frozen(self.env, self.at(44)):
            regulation.department_ids = self.user["li.wei"].employee_id.department_id
            regulation.write(self.prove_regulation())
            regulation.action_release()
            # 三.11 names no amount
            rule = self.env.ref(f"{PENALTY}.penalty_rule_misconduct").with_user(self.director)
            rule.amount_max = 500
        late = ("chen.jing", "sun.li")
        for login in WAGES.keys() - set(late):
            with frozen(self.env, self.at(43)):
                regulation.with_user(self.user[login]).action_acknowledge()
        for login, kind, subject, text, answer in (
            (
                "li.wei",
                "suggestion",
                "远程服务记录希望可以当天补录",
                "客户现场没有网络时，建议允许回公司后补录服务记录。",
                "已采纳：上门服务记录在返回后的下一个工作日内填写即可。",
            ),
            (
                "zhang.min",
                "objection",
                "24小时开机的规定过严",
                "公休日是否也必须保持24小时开机？建议只限值班人员。",
                None,
            ),
        ):
            with frozen(self.env, self.at(20) if answer else self.at(0, 0)):
                suggestion = (
                    self.env["aftersales.suggestion"]
                    .with_user(self.user[login])
                    .create(
                        {
                            "kind": kind,
                            "subject": subject,
                            "text": text,
                            "regulation_id": regulation.id,
                        }
                    )
                )
                suggestion.action_submit()
            if answer:
                with frozen(self.env, self.at(18)):
                    suggestion.with_user(self.manager).action_answer(answer)

    def prove_regulation(self):
        """Minutes, comments and announcement of the regulation, each with its day."""
        days = {"meeting_on": 75, "comments_until": 60, "announced_on": 50}
        files = {
            "meeting_scan": "职工代表大会纪要.png",
            "comments_scan": "征求意见汇总.png",
            "announced_scan": "公示照片.png",
        }
        values = {name: self.day(days) for name, days in days.items()}
        for name, title in files.items():
            values |= {name: drawn_signature(3), f"{name}_name": title}
        return values

    # -- cases -----------------------------------------------------------------------------------

    def make_late_records(self):
        """Remote services with a late record, or without one."""
        tickets = self.env["helpdesk.ticket"]
        for number, (days, late) in enumerate(((38, 6), (35, None), (12, 5), (9, None), (6, None))):
            user = self.specialists[number % len(self.specialists)]
            customer = self.customers[number]
            with frozen(self.env, self.at(days)):
                ticket = tickets.with_user(user).create(
                    {
                        "name": ("凭证打印错位", "报表取数不平", "期末结转报错")[number % 3],
                        "description": "<p>客户来电</p>",
                        "partner_id": customer.software_contact_id.id,
                        "category_id": self.env.ref(f"{ADDON}.helpdesk_ticket_category_need").id,
                        "channel_id": self.env.ref(f"{ADDON}.helpdesk_ticket_channel_qq").id,
                        "user_id": user.id,
                    }
                )
                ticket.action_service_done()
                self.env.flush_all()
            if late:
                with frozen(self.env, self.at(days - late, 16)):
                    ticket.write({"need": "希望增加自定义打印模板", "department": "财务部"})
                    self.env.flush_all()

    def make_lost_form(self):
        """A data clearing form that its holder lost."""
        archivist = self.user["zhou.jie"]
        with frozen(self.env, self.at(37)):
            entry = (
                self.env["aftersales.archive.entry"]
                .with_user(archivist)
                .create(
                    {
                        "kind": "data_clearing",
                        "document_name": "清除数据申请（传真件）",
                        "partner_id": self.customers[6].commercial_partner_id.id,
                        "holder_id": self.user["li.wei"].id,
                    }
                )
            )
            entry.action_lose("外出途中遗失，已请客户重新传真")

    def make_complaints(self):
        """Two complaints about attitude and one about a delay, about an employee without earlier complaints."""
        complaints = self.env["aftersales.complaint"]
        known = complaints.search([("outcome", "=", "confirmed")]).employee_id
        people = self.user["li.wei"] | self.user["zhang.min"] | self.user["sun.li"]
        people |= self.user["wu.tao"] | self.user["zhou.jie"]
        employee = (people.employee_id - known)[:1]
        complaints = complaints.with_user(self.manager)
        for number, (days, kind, said) in enumerate(
            (
                (39, "attitude", "电话中态度生硬，直接挂断电话"),
                (31, "delay", "约定上门时间后无故爽约，也没有电话说明"),
                (11, "attitude", "多次催促后仍用不礼貌的语气答复"),
            )
        ):
            customer = self.customers[8 + number]
            with frozen(self.env, self.at(days)):
                complaint = complaints.create(
                    {
                        "kind": kind,
                        "description": said,
                        "partner_id": customer.commercial_partner_id.id,
                        "contact_id": customer.software_contact_id.id,
                        "employee_id": employee.id,
                    }
                )
                complaint.action_investigate()
            with frozen(self.env, self.at(days - 1, 15)):
                complaint.write(
                    {
                        "findings": "经核实通话录音，情况属实",
                        "outcome": "confirmed",
                        "answer_draft": "非常抱歉，我们已对当事人批评教育，并安排专人为您服务。",
                    }
                )
                complaint.action_answer()
            self.call_about(complaint.sudo().callback_ids)

    def call_about(self, call):
        """The call in which the customer hears what came of the complaint, where it was due by now."""
        if call.due_date < self.today:
            with frozen(self.env, self.company._aftersales_moment(call.due_date, 10)):
                caller = self.user["sun.li"]
                call.with_user(caller).action_record("reached", note="客户接受道歉")

    def make_implementation(self):
        """An implementation whose three forms have not been handed in."""
        installation = self.env["aftersales.installation"].search([], limit=1)
        engineer = self.user["chen.jing"]
        with frozen(self.env, self.at(20)):
            project = (
                self.env["aftersales.implementation"]
                .with_user(self.manager)
                .create(
                    {
                        "partner_id": self.customers[10].commercial_partner_id.id,
                        "product_id": installation.product_id.id,
                        "engineer_ids": [Command.set(engineer.ids)],
                        "date_start": self.today - timedelta(days=20),
                        "date_end": self.today - timedelta(days=15),
                        "scope": "总账、报表、固定资产",
                    }
                )
            )
            project.action_start()
        with frozen(self.env, self.at(15, 17)):
            project.action_finish()
            self.env.flush_all()

    def enter_cases(self):
        """Cases that a manager enters."""
        for days, code, logins, text, values in ENTERED:
            with frozen(self.env, self.at(days)):
                case = (
                    self.env["aftersales.penalty.file"]
                    .with_user(self.manager)
                    .create(
                        {
                            "rule_id": self.env.ref(f"{PENALTY}.penalty_rule_{code.lower()}").id,
                            "employee_ids": [
                                Command.set([self.user[login].employee_id.id for login in logins])
                            ],
                            "date": self.day(days),
                            "description": text,
                            **values,
                            **self.prove(code),
                        }
                    )
                )
                case.action_file()

    @staticmethod
    def prove(code):
        """A paper as proof of a damage."""
        if code != "DAMAGE":
            return {}
        return {"scan": drawn_signature(3), "scan_name": "赔偿协议.png"}

    def search_cases(self):
        """Run the daily search on the past days on which it finds cases."""
        detection = self.env["aftersales.penalty.detection"]
        for days in (32, 25, 8, 0):
            with frozen(self.env, self.at(days, 1)):
                day = self.company._aftersales_today()
                detection._detect_daily(self.company, day)
        self.company._write_unlocked({"aftersales_detected_on": False})

    # -- decisions -------------------------------------------------------------------------------

    def decide(self):
        """Decide the cases of last month; of the newer ones some employees are told, others are still proposed."""
        old = self.day(TOLD + 1)
        penalties = self.env["aftersales.penalty"].search([("date", "<", old)], order="date, id")
        for penalty in penalties.with_user(self.manager):
            if penalty.state == "proposed":
                with frozen(self.env, self.at(TOLD, 11)):
                    penalty.action_notify()
            login = penalty.employee_id.sudo().user_id.login
            said = OBJECTIONS.get((penalty.rule_id.code, login))
            if said:
                self.object(penalty, said[0])
            self.close(penalty, said)
        newer = self.env["aftersales.penalty"].search(
            [("state", "=", "proposed")], order="date, id"
        )
        for penalty in newer.with_user(self.manager)[:-2]:
            penalty.action_notify()
        for penalty in newer.filtered(lambda row: row.rule_id.code == "REMOTE_RECORD")[:1]:
            if penalty.state == "notified":
                self.object(penalty, "客户一直没有提供部门名称，已多次联系", self.today)

    def object(self, penalty, text, day=None):
        """The employee objects in time."""
        user = penalty.employee_id.sudo().user_id
        day = day or penalty.objection_deadline
        with frozen(self.env, self.company._aftersales_moment(day, 9)):
            penalty.with_user(user).action_object(text)

    def close(self, penalty, said):
        """Accept one objection and refuse one; penalties without an objection are confirmed after the time for it."""
        day = min(penalty.objection_deadline + timedelta(days=1), self.today)
        with frozen(self.env, self.company._aftersales_moment(day, 14)):
            if said and said[2]:
                penalty.action_waive(said[1])
            elif said:
                penalty.action_confirm(said[1])
            elif penalty.state == "notified":
                penalty.action_confirm()

    def decide_sanctions(self):
        """Each kind of decision: warnings with and without acknowledgement; proposals handed over, rejected, open."""
        sanctions = self.env["aftersales.sanction"].search([], order="date, id")
        for sanction in sanctions.with_user(self.director):
            with frozen(self.env, self.at(9, 11)):
                if sanction.kind == "warning":
                    sanction.action_decide("情况属实，予以书面警告")
                elif sanction.kind == "demotion":
                    sanction.action_decide("半年内三次投诉属实，建议降级")
                    sanction.action_hand_over()
                elif sanction.kind == "resignation_advice":
                    sanction.action_reject("再给一次机会，安排专业技能培训")
        warning = sanctions.filtered(lambda row: row.kind == "warning")[:1]
        user = warning.employee_id.sudo().user_id
        with frozen(self.env, self.at(8)):
            warning.with_user(user).action_acknowledge()

    # -- payslips and fund -----------------------------------------------------------------------

    def pay(self):
        """Confirm the payslips of last month, compute those of this month; the small wage reaches the limit."""
        first = self.today.replace(day=1)
        confirmed = self.env["aftersales.penalty"].search([("state", "=", "confirmed")])
        for login in WAGES:
            employee = self.user[login].employee_id
            concerned = confirmed.filtered(lambda row, e=employee: row.employee_id == e)
            for months in (-1, 0):
                begin = first + relativedelta(months=months)
                slip = self.env["hr.payslip"].create(
                    {
                        "name": f"{employee.name} {begin:%Y年%m月}工资单",
                        "employee_id": employee.id,
                        "contract_id": employee.version_id.id,
                        "struct_id": self.structure.id,
                        "date_from": begin,
                        "date_to": begin + relativedelta(months=1, days=-1),
                        "company_id": self.company.id,
                    }
                )
                slip.compute_sheet()
                # of this month only payslips of employees with penalties are confirmed already
                if months or concerned:
                    slip.action_payslip_done()

    def spend(self):
        """The director spends money of the fund."""
        fund = self.env["aftersales.fund"].search([("balance", ">", 0)], limit=1)
        if fund:
            amount = min(fund.balance, 60)
            fund.with_user(self.director).action_spend(
                amount, "部门聚餐饮料", drawn_signature(7), "发票.png", self.today
            )


def make_penalties(env):
    """A month of penalties, payslips and the fund."""
    DemoPenalties(env).build()

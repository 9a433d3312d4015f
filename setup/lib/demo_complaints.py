"""Complaints and implementations of the demo company: of every kind and in every state."""

from datetime import timedelta

from demo_clock import frozen
from demo_work import drawn_signature

COMPLAINT, IMPLEMENTATION = "aftersales.complaint", "aftersales.implementation"
# kind, the customer's complaint, the findings, the answer to the customer
TEXTS = {
    "attitude": (
        "电话里问月结的问题，服务人员说“说明书上都有，自己看”，然后把电话挂了。",
        "听了通话录音，并与当事人谈话：当天电话较多，语气确实不耐烦，挂断电话属实。",
        "我们已对当事人进行批评并安排服务礼仪培训，向您致歉。今后由专人与您联系。",
    ),
    "quality": (
        "升级以后送货单打印不出金额，说修好了，第二天又不行。",
        "查服务记录：第一次只改了客户端模板，没有同步服务器，处理不彻底。",
        "模板已在服务器上统一更新并与您的库管当面核对，三天内再回访一次。",
    ),
    "delay": (
        "约好上午九点到，下午三点才来人，也没有提前打电话。",
        "当天前一家客户的数据恢复超时，技术人员没有提前说明。",
        "给您造成的不便我们深表歉意，以后变更到达时间会提前两小时通知您。",
    ),
    "other": (
        "发票抬头开错了，说重开，两个星期还没收到。",
        "发票已于上周重开并寄出，快递单显示由前台代收，当事人无过错。",
        "发票已由贵公司前台签收，快递单号已发给您，如仍未找到我们可以提供复印件。",
    ),
}
# days ago, kind, state reached, person concerned (number of the specialist, None: nobody named)
PLAN = (
    (170, "attitude", "confirmed", 0),
    (150, "delay", "confirmed", 0),
    (120, "other", "unfounded", 1),
    (95, "quality", "confirmed", 2),
    (62, "attitude", "unfounded", 2),
    (40, "delay", "confirmed", 0),
    (33, "quality", "cancelled", None),
    (21, "attitude", "reopened", 1),
    (1, "quality", "answered", None),
    (3, "delay", "investigating", 1),
    (2, "attitude", "investigating", 2),
    (1, "other", "received", None),
    (0, "attitude", "received", None),
)
ORIGINS = ("phone", "portal", "letter")
# days from today to the begin and to the end, state reached
PROJECTS = (
    (-90, -76, "closed"),
    (-60, -47, "closed"),
    (-34, -20, "accepted"),
    (-16, -6, "late_forms"),
    (-9, -1, "finished"),
    (-12, -2, "late_end"),
    (-5, 6, "running"),
    (-1, 12, "running"),
    (8, 20, "draft"),
    (15, 30, "draft"),
    (-25, -15, "cancelled"),
)
TOPICS = ("基础资料与初始化", "日常业务单据", "月末结账与报表", "系统管理与备份")
SCOPE = "进销存、应收应付、总账三个模块；导入去年末的期初数据；培训财务部和仓库。"


class DemoComplaints:
    """Complaints and implementations of the demo's year."""

    def make_complaints(self):
        """Complaints of every kind; the first specialist has three confirmed within half a year."""
        for number, (days, kind, goal, concerned) in enumerate(PLAN):
            said, found, told = TEXTS[kind]
            # the answered one is that of customer1
            customer = self.customers[(number * 5 + 2) % len(self.customers) if number != 8 else 1]
            values = {
                "kind": kind,
                "description": said,
                "partner_id": customer.id,
                "origin": ORIGINS[number % len(ORIGINS)],
                "date_received": self.today - timedelta(days=days),
            }
            if concerned is not None and goal != "received":
                values["employee_id"] = self.specialists[concerned].employee_id.id
            with frozen(self.env, self.at(-days, 9, number)):
                complaint = self.env[COMPLAINT].with_user(self.callers[0]).create(values)
            manager = self.managers[number % len(self.managers)]
            self.handle(complaint.with_user(manager), days, goal, found, told)

    def handle(self, complaint, days, goal, found, told):
        """The managers' steps with a complaint, up to the state of the plan."""
        if goal == "received":
            return
        with frozen(self.env, self.at(-days, 14)):
            if goal == "cancelled":
                complaint.action_cancel("与客户上一次投诉为同一件事")
                return
            complaint.action_investigate()
        if goal == "investigating":
            return
        answered = max(days - 1, 0)
        with frozen(self.env, self.at(-answered, 16)):
            complaint.write(
                {
                    "findings": found,
                    "outcome": "unfounded" if goal == "unfounded" else "confirmed",
                    "answer_draft": told,
                }
            )
            complaint.action_answer()
        if goal == "answered":
            return
        call = complaint.sudo().callback_ids
        with frozen(self.env, self.at((call.due_date - self.today).days, 10)):
            call.with_user(self.callers[0]).action_record(
                "reached",
                note="客户对处理结果表示认可",
                scores={"score_attitude": 5, "score_result": 4},
            )
        if goal == "reopened":
            complaint.action_reopen("当事人提供了新的通话录音，需要重新核实")

    def make_implementations(self):
        """Implementations in every state; some ended without their forms."""
        for number, (start, end, goal) in enumerate(PROJECTS):
            customer = self.customers[(number * 4 + 1) % len(self.customers)]
            _key, product, versions = self.products[number % len(self.products)]
            engineer = self.specialists[number % len(self.specialists)]
            helper = self.specialists[(number + 1) % len(self.specialists)]
            trained = [start + 1, start + 3] if goal != "draft" else [start + 2]
            with frozen(self.env, self.at(min(start, 0) - 3, 10)):
                project = (
                    self.env[IMPLEMENTATION]
                    .with_user(engineer)
                    .create(
                        {
                            "partner_id": customer.id,
                            "product_id": product.id,
                            "version": versions[0],
                            "scope": SCOPE,
                            # beside what the customer has: a program for its branch, with a number of its own
                            "is_further": True,
                            "date_start": self.today + timedelta(days=start),
                            "date_end": self.today + timedelta(days=end),
                            "engineer_ids": [(6, 0, (engineer | helper).ids)],
                            "lead_engineer_id": engineer.id,
                            "session_ids": [
                                (0, 0, self.training(customer, engineer, day, number + step))
                                for step, day in enumerate(trained)
                            ],
                        }
                    )
                )
            self.implement(project, start, end, goal, number)

    def training(self, customer, engineer, day, number):
        """Values of a planned training."""
        return {
            "date_start": self.at(day, 9 + number % 2 * 5),
            "hours": 2 + number % 2,
            "topic": TOPICS[number % len(TOPICS)],
            "trainer_id": engineer.id,
            "attendee_ids": [(6, 0, customer.child_ids.ids)],
            "attendee_note": "库管 2 人",
        }

    def implement(self, project, start, end, goal, number):
        """The steps of an implementation, up to the state of the plan."""
        if goal == "draft":
            return
        with frozen(self.env, self.at(start, 9)):
            project.action_start()
        if goal in ("running", "late_end"):
            return
        with frozen(self.env, self.at(end, 16)):
            if goal == "cancelled":
                project.action_cancel("客户改为自行实施")
                return
            project.serial_issued = f"SS-{self.today:%Y}-{7000 + number}"
            project.action_finish()
        if goal in ("finished", "late_forms"):
            return
        with frozen(self.env, self.at(end, 17)):
            project.write(
                {
                    "customer_opinion": "培训讲得清楚，希望月底再来指导一次结账。",
                    "signed_by_name": project.contact_id.name or project.partner_id.name,
                    "customer_signature": drawn_signature(number),
                }
            )
            project.action_sign()
        forms = project.sudo().archive_entry_ids.with_user(self.archivists[0])
        with frozen(self.env, self.at(end + 2, 11)):
            # the accepted implementation still lacks its start plan
            for form in forms if goal == "closed" else forms[:2]:
                form.action_receive()
                form.place = f"D柜 2层 {number + 1:02}号"
                form.action_file()

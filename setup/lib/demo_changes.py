"""Program changes of the demo company: in every state, with promises kept, moved and broken."""

from datetime import datetime, timedelta

from demo_clock import frozen

CHANGE = "aftersales.change.request"
# title, module, the customer's need, the agreed solution
TEXTS = (
    (
        "送货单增加司机和车牌",
        "销售管理／送货单",
        "打印的送货单上没有司机姓名、电话和车牌，门卫每次都要手写。",
        "送货单增加司机、电话、车牌三栏，打印在客户名称下面，可以从车辆档案选择。",
    ),
    (
        "采购订单增加二级审核",
        "采购管理／采购订单",
        "五万元以上的采购订单需要总经理再审核一次。",
        "金额上限做成参数，默认五万元；总经理可以在手机上审核。",
    ),
    (
        "应收账龄表按业务员汇总",
        "应收管理／账龄分析",
        "账龄表只能按客户看，月底要按业务员手工合并。",
        "账龄分析增加“业务员”汇总方式，可以导出 Excel。",
    ),
    (
        "库存预警按仓库设置",
        "库存管理／预警",
        "总仓和门店的安全库存不一样，现在只能设一个数。",
        "安全库存按“存货＋仓库”设置，预警表按仓库分组。",
    ),
    (
        "凭证打印一页两张",
        "总账／凭证打印",
        "一张 A4 纸只打一张凭证，浪费纸。",
        "凭证打印增加一页两张的格式，分录超过六行自动换页。",
    ),
    (
        "工资条发送到员工邮箱",
        "工资管理／工资条",
        "每个月要剪几百张工资条。",
        "工资条按员工生成加密文件，发送到员工邮箱，密码为身份证后六位。",
    ),
)
# days ago of the request, state reached, days from the decision to the promised date
PLAN = (
    (2, "draft", 0),
    (1, "submitted", 0),
    (3, "submitted", 0),
    (1, "confirmed", 0),
    (1, "confirmed", 0),
    (8, "approved", 20),
    (9, "approved", 14),
    (16, "development", 15),
    (24, "development", 14),
    (30, "moved", 21),
    (12, "testing", 22),
    (16, "failed", 36),
    (14, "deploying", 30),
    (15, "deployed", 33),
    (45, "silent", 26),
    (18, "unsatisfied", 34),
    (70, "done", 25),
    (95, "done", 30),
    (130, "partly", 28),
    (26, "refused", 0),
    (33, "cancelled", 0),
)
# day of each step, counted from the request
CONFIRMED, DECIDED, BEGUN, TESTED = 1, 2, 4, 9


class DemoChanges:
    """Program changes of the demo's year."""

    def make_changes(self):
        """Make the changes of tickets first, then those of ``PLAN`` in every state."""
        self.developers = self.users("group_developer")
        found = self.env[CHANGE].search([("ticket_id", "!=", False)], order="id")
        for number, change in enumerate(found):
            days = (self.today - change.ticket_id.create_date.date()).days
            # those of more than three weeks ago are done; nobody waits for their next step
            goal = "submitted" if days < 4 else "approved" if days < 12 else "done"
            if days < 22 and goal == "done":
                goal = ("testing", "deployed")[number % 2]
            self.develop(change, number, days, goal, 25)
        installations = [row for row in self.installations if row.partner_id.child_ids]
        for number, (days, goal, length) in enumerate(PLAN):
            installation = installations[(number * 11 + 3) % len(installations)]
            change = self.request_change(number, days, goal, installation)
            self.develop(change, number, days, goal, length)

    def link_change(self, ticket, opened):
        """Link a closed ticket to its program change, whose further steps are made later.

        :param ticket: helpdesk.ticket
        :param datetime opened: when it came in
        """
        specialist = ticket.installation_id.user_id or self.specialists[0]
        with frozen(self.env, opened):
            change = (
                self.env[CHANGE]
                .with_user(specialist)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "partner_id": ticket.commercial_partner_id.id,
                        "contact_id": ticket.contact_id.id,
                        "installation_id": ticket.installation_id.id,
                        "user_id": specialist.id,
                        "title": ticket.name,
                        "description": ticket.need or ticket.name,
                        "customer_requested_on": opened.date(),
                        "original_holder_id": specialist.id,
                    }
                )
            )
            change.action_submit()

    def request_change(self, number, days, goal, installation):
        """A request as the specialist enters it from the customer's stamped paper."""
        specialist = self.specialists[number % len(self.specialists)]
        title, module, description, _need = TEXTS[number % len(TEXTS)]
        with frozen(self.env, self.at(-days, 9, number)):
            change = (
                self.env[CHANGE]
                .with_user(specialist)
                .create(
                    {
                        "partner_id": installation.partner_id.id,
                        "contact_id": installation.partner_id.child_ids[0].id,
                        "installation_id": installation.id,
                        "user_id": specialist.id,
                        "kind": "need" if number % 4 == 3 else "change",
                        "title": title,
                        "module": module,
                        "description": description,
                        "reason": "减少手工工作，避免出错",
                        "customer_requested_on": self.today - timedelta(days=days),
                        "original_holder_id": specialist.id,
                    }
                )
            )
            if goal not in ("draft",):
                change.action_submit()
        return change

    def develop(self, change, number, days, goal, length):
        """Bring a submitted request as far as the plan says, each step on a day of its own."""
        if goal in ("draft", "submitted"):
            return
        specialist = change.user_id or self.specialists[number % len(self.specialists)]
        change = change.with_user(specialist)
        manager = self.managers[number % len(self.managers)]
        now = datetime.utcnow()
        with frozen(self.env, min(self.at(CONFIRMED - days, 10), now - timedelta(minutes=30))):
            change.confirmed_need = TEXTS[number % len(TEXTS)][3]
            if goal == "cancelled":
                change.action_cancel()
                return
            change.action_confirm()
        if goal == "confirmed":
            return
        with frozen(self.env, self.at(DECIDED - days, 15)):
            if goal == "refused":
                change.with_user(manager).action_refuse("标准版下一版本已包含此功能，建议升级")
                return
            change.with_user(manager).action_approve(
                "同意修改，注意兼容历史单据",
                {
                    "date_promised": self.today + timedelta(days=DECIDED - days + length),
                    "developer_id": self.developers[number % len(self.developers)].id
                    if number % 5
                    else False,
                },
            )
        if goal != "approved":
            self.program(change, number, days, goal)

    def program(self, change, number, days, goal):
        """Development, test and update."""
        developer = change.developer_id or self.developers[number % len(self.developers)]
        with frozen(self.env, self.at(BEGUN - days, 9)):
            change.with_user(developer).action_start_development()
            change.with_user(developer).write(
                {
                    "estimated_hours": 4 + number % 5 * 6,
                    "development_notes": "增加字段和打印模板；升级脚本处理历史单据",
                }
            )
        if goal == "moved":
            with frozen(self.env, self.at(BEGUN - days + 10, 11)):
                change.action_announce_delay(
                    "promise",
                    change.date_promised + timedelta(days=10),
                    "涉及的报表比预计多，需要一并调整",
                )
        if goal in ("development", "moved"):
            return
        with frozen(self.env, self.at(TESTED - days, 10)):
            change.with_user(developer).action_to_testing()
        if goal == "testing":
            return
        if goal == "failed":
            with frozen(self.env, self.at(TESTED - days + 1, 10)):
                change.action_record_test("fail", "历史单据打印时车牌一栏为空")
            with frozen(self.env, self.at(TESTED - days + 3, 10)):
                change.with_user(developer).action_to_testing()
                change.action_invite_customer()
            return
        with frozen(self.env, self.at(TESTED - days + 1, 16)):
            change.action_record_test("pass", "新增栏目显示和打印正常", number % 2 == 0)
        if goal != "deploying":
            self.update_change(change, number, TESTED - days + 2, goal)

    def update_change(self, change, number, day, goal):
        """The update at the customer's, with the customer's opinion."""
        with frozen(self.env, self.at(day, 14)):
            change.action_deploy()
        if goal == "silent":
            for later in (day + 10, day + 20, day + 30):
                if later < 0:
                    with frozen(self.env, self.at(later, 9)):
                        today = self.today + timedelta(days=later)
                        self.env[CHANGE]._remind_silent_customers(self.company, today)
        opinion = {
            "done": ("satisfied", "门卫和仓库都说方便多了"),
            "partly": ("partly", "功能可以用，打印速度慢了一些"),
            "unsatisfied": ("unsatisfied", "老单据的数据没有带出来"),
        }.get(goal)
        if not opinion:
            return
        with frozen(self.env, self.at(day + 2, 10)):
            channel = ("phone", "paper", "mail")[number % 3]
            change.action_record_opinion(*opinion, change.contact_id.id, channel)
            if goal != "unsatisfied":
                change.action_done()

import {describe, expect, test} from "@odoo/hoot";
import {
    animationFrame,
    click,
    edit,
    manuallyDispatchProgrammaticEvent,
    queryOne,
    select,
} from "@odoo/hoot-dom";
import {Deferred} from "@odoo/hoot-mock";

import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {ActivityMenu} from "@mail/core/web/activity_menu";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    getService,
    makeMockEnv,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

import {ApprovalDecision} from "@jinyang_aftersales/approval/approval_decision";

describe.current.tags("desktop");
defineMailModels();

const APPROVE = ".o_aftersales_approve";
const REFUSE = ".o_aftersales_refuse";
const OPINION = ".o_aftersales_decision textarea";

/** An activity of the client's store, as the server describes it. */
async function makeActivity(values = {}) {
    await makeMockEnv();
    return getService("mail.store")["mail.activity"].insert({
        id: 7,
        activity_category: "aftersales_approval",
        approval_id: 70,
        can_decide: true,
        can_write: true,
        mail_template_ids: [],
        res_id: 3,
        res_model: "res.partner",
        state: "today",
        user_id: {id: 5, partner_id: {id: 6, name: "Wang Fang"}},
        ...values,
    });
}

async function mountDecision(values) {
    const activity = await makeActivity(values);
    await mountWithCleanup(ApprovalDecision, {
        props: {
            activity,
            onDecided: (thread) => expect.step(`decided ${thread.model},${thread.id}`),
        },
    });
    return activity;
}

test("who may not decide reads who is asked", async () => {
    await mountDecision({can_decide: false});
    expect(".o_aftersales_waiting").toHaveText("Waiting for the decision of Wang Fang");
    expect(`${APPROVE}, ${REFUSE}, ${OPINION}`).toHaveCount(0);
});

test("a refusal without a reason does not reach the server", async () => {
    onRpc("mail.activity", "action_refuse_document", () => expect.step("refuse"));
    await mountDecision();
    await click(REFUSE);
    await animationFrame();
    expect(OPINION).toHaveClass("is-invalid");
    expect(OPINION).toBeFocused();
    expect.verifySteps([]);
});

test("what a document asks is filled in before it is approved", async () => {
    onRpc("mail.activity", "action_approve_document", ({kwargs}) => {
        expect.step(JSON.stringify(kwargs.values));
        return true;
    });
    await mountDecision({
        approval_questions: [
            {name: "day", type: "date", label: "Day", required: true, value: false},
            {
                name: "who",
                type: "many2one",
                label: "Who",
                required: false,
                value: 8,
                choices: [
                    [8, "Li Wei"],
                    [9, "Chen Jing"],
                ],
            },
        ],
    });
    expect("[name=who] select").toHaveValue("8");
    await click(APPROVE);
    await animationFrame();
    expect("[name=day] input").toHaveClass("is-invalid");
    expect("[name=who] select").not.toHaveClass("is-invalid");
    expect.verifySteps([]);
    // hoot cannot type into a date that is empty
    const day = queryOne("[name=day] input");
    day.value = "2026-12-31";
    await manuallyDispatchProgrammaticEvent(day, "input");
    await click("[name=who] select");
    await select("9");
    await click(APPROVE);
    await animationFrame();
    expect.verifySteps(['{"day":"2026-12-31","who":9}', "decided res.partner,3"]);
});

test("one decision for two clicks, with the opinion and the submission", async () => {
    const answer = new Deferred();
    onRpc("mail.activity", "action_approve_document", async ({args, kwargs}) => {
        expect.step(JSON.stringify([args, kwargs.opinion, kwargs.approval_ids]));
        await answer;
        return true;
    });
    await mountDecision();
    await click(OPINION);
    await edit("Take a backup first");
    await click(APPROVE);
    await click(APPROVE);
    await animationFrame();
    expect(APPROVE).not.toBeEnabled();
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(['[[[7]],"Take a backup first",[70]]', "decided res.partner,3"]);
});

test("who was too slow is told why, and sees the document anew", async () => {
    expect.errors(1);
    onRpc("mail.activity", "action_refuse_document", () => {
        throw makeServerError({message: "already decided by Zhao Min"});
    });
    await mountDecision();
    await click(OPINION);
    await edit("No stamp");
    await click(REFUSE);
    await animationFrame();
    await animationFrame();
    expect.verifyErrors(["already decided by Zhao Min"]);
    expect.verifySteps(["decided res.partner,3"]);
    expect(OPINION).toHaveValue("No stamp");
    expect(APPROVE).toBeEnabled();
});

test("an approval in a popover cannot be done, edited or cancelled", async () => {
    const activity = await makeActivity();
    await mountWithCleanup(ActivityListPopoverItem, {props: {activity}});
    expect(APPROVE).toHaveCount(1);
    expect(
        ".o-mail-ActivityListPopoverItem-markAsDone, .o-mail-ActivityListPopoverItem-editbtn, .o-mail-ActivityListPopoverItem-cancel",
    ).toHaveCount(0);
});

test("other activities in a popover stay as they are", async () => {
    const activity = await makeActivity({activity_category: "default", can_decide: false});
    await mountWithCleanup(ActivityListPopoverItem, {props: {activity}});
    expect(".o_aftersales_decision").toHaveCount(0);
    expect(
        ".o-mail-ActivityListPopoverItem-markAsDone, .o-mail-ActivityListPopoverItem-editbtn, .o-mail-ActivityListPopoverItem-cancel",
    ).toHaveCount(3);
});

test("the row of the activity menu opens the list of approvals, other rows their documents", async () => {
    mockService("action", {
        doAction: (action) => expect.step(action.res_model || action),
    });
    const menu = await mountWithCleanup(ActivityMenu);
    menu.openActivityGroup({type: "aftersales_approval", model: "aftersales.approval"});
    menu.openActivityGroup({type: "activity", model: "res.partner", name: "Contacts"});
    expect.verifySteps(["jinyang_aftersales.mail_activity_action_approval", "res.partner"]);
});

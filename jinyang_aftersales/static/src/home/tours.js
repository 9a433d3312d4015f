import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const HOME = "jinyang_aftersales.home_action";
const tours = registry.category("web_tour.tours");

/** From the home page to the card of who calls. */
function findCaller() {
    return [
        {
            trigger: ".o_aftersales_home_intake",
            content: _t("A customer calls: begin here, or with Alt+Shift+L on any screen."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_aftersales_intake .o_aftersales_search",
            content: _t("Type the telephone number, a name, the serial number or QQ."),
            tooltipPosition: "bottom",
            run: "edit 金",
        },
        {
            trigger:
                ".o_aftersales_intake .o_aftersales_hit, .o_aftersales_intake .o_aftersales_person",
            content: _t(
                "Choose who calls. The card shows the service state, software and what is open.",
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
    ];
}

/** Button of the card that makes a document of a kind. */
function openDocument(name, content) {
    return {
        trigger: `.o_aftersales_intake footer button:contains("${name}")`,
        content,
        tooltipPosition: "top",
        run: "click",
    };
}

function write(field, content, text) {
    return {
        trigger: `.o_form_view [name="${field}"] input, .o_form_view [name="${field}"] textarea`,
        content,
        tooltipPosition: "bottom",
        run: `edit ${text}`,
    };
}

function press(name, content) {
    return {
        trigger: `.o_form_view .o_form_statusbar button[name="${name}"]`,
        content,
        tooltipPosition: "bottom",
        run: "click",
    };
}

tours.add("aftersales_take_call", {
    steps: () => [
        ...findCaller(),
        openDocument(_t("Ticket"), _t("A ticket: customer, contact and software are filled in.")),
        write("name", _t("Say in a few words what the customer wants."), "打印机离线"),
        {
            trigger: '.o_form_view button[name="action_accept"], .o_form_view .o_form_button_save',
            content: _t(
                "Accept or save it. The record of the service is filled in on the same form.",
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
    ],
});

tours.add("aftersales_visit", {
    steps: () => [
        ...findCaller(),
        openDocument(
            _t("Visit"),
            _t("A visit to the customer: address and contact are filled in."),
        ),
        write("problem", _t("Say what is to be done there."), "月末结账报错"),
        {
            trigger: '.o_form_view [name="time_proposal"] .o_selection_badge',
            content: _t(
                "Agree the time with the customer: choose one, or enter another below (五.3.2).",
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        press(
            "action_submit",
            _t("Ask the manager for approval; nobody leaves before it (五.3.3)."),
        ),
    ],
});

tours.add("aftersales_renewal", {
    steps: () => [
        {
            trigger:
                '.o_aftersales_home_card[data-code="agreements_to_renew"] .o_aftersales_home_open',
            content: _t("Your agreements that end within the notice period stand here."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_data_cell, .o_kanban_record .o_kanban_record_title",
            content: _t("Open the agreement that ends next."),
            tooltipPosition: "bottom",
            run: "click",
        },
        press("action_renew", _t("Renew: the new term and the price are proposed.")),
        {
            trigger: ["action_mark_sent", "action_open_sign"]
                .map((name) => `.o_form_view .o_form_statusbar button[name="${name}"]`)
                .join(", "),
            content: _t(
                "Look at term and amount, then send the offer; one that was sent already is signed.",
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
    ],
});

tours.add("aftersales_program_change", {
    steps: () => [
        ...findCaller(),
        openDocument(
            _t("Program Change"),
            _t("A program change: customer and software are filled in."),
        ),
        write("title", _t("Give the change a short title."), "增加导出"),
        write("description", _t("Describe what the customer needs."), "按客户导出明细"),
        press(
            "action_submit",
            _t("Submit it: then the need is confirmed and the manager decides."),
        ),
    ],
});

/** Starts a guided tour from the help menu; it begins on the home page. */
async function startTour(env, action) {
    await env.services.action.doAction(HOME, {clearBreadcrumbs: true});
    // no "manual": that would also switch on the tours of other apps for this user
    await env.services.tour_service.startTour(action.params.tour, {
        mode: "interactive",
        fromDB: true,
        rainbowManMessage: _t("That was all of it."),
    });
}

registry.category("actions").add("aftersales_start_tour", startTour);

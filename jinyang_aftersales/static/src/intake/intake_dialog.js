import {Component, onMounted, onWillDestroy, useRef, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {KeepLast} from "@web/core/utils/concurrency";
import {uuid} from "@web/core/utils/strings";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

import {IntakeCard} from "./intake_card";
import {IntakeForm} from "./intake_form";

const {DateTime} = luxon;
const MODEL = "aftersales.intake";
const LEAST_SIGNS = 2;
const PATIENCE = 250;
// what was entered and not sent when the dialogue was closed by accident: it is there again when it opens
let unsent = null;

/**
 * One box finds whoever calls; then the card of the customer, and what is made of the call. The screen below stays as
 * it is until a document is opened.
 */
export class IntakeDialog extends Component {
    static template = "jinyang_aftersales.IntakeDialog";
    static components = {Dialog, IntakeCard, IntakeForm};
    static props = {close: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.box = useAutofocus({mobile: true});
        this.list = useRef("list");
        this.last = new KeepLast();
        // mode: find, card, new, contact or note
        this.state = useState({
            text: "",
            // for which text the hits are
            found: null,
            hits: [],
            more: false,
            active: 0,
            mode: "find",
            card: null,
            form: null,
            note: "",
            doubles: [],
            error: "",
            busy: false,
            ...(unsent || {}),
        });
        // the same key is sent until it has worked: what is sent twice is entered once
        this.key = unsent?.key || uuid();
        unsent = null;
        this.search = useDebounced(() => this.find(), PATIENCE);
        onMounted(() => this.state.mode === "find" && this.find());
        onWillDestroy(() => this.keep());
    }

    get title() {
        return _t("Telephone Intake");
    }

    get heading() {
        return {new: _t("New Customer"), contact: _t("New Contact")}[this.state.mode];
    }

    get isTyping() {
        return this.state.text.trim().length >= LEAST_SIGNS;
    }

    get isUnknown() {
        return (
            this.isTyping && this.state.found === this.state.text.trim() && !this.state.hits.length
        );
    }

    /** Keep what was entered and not sent. */
    keep() {
        const {mode, form, note, card, text, doubles, found, hits, more} = this.state;
        const typed = mode === "note" ? note.trim() : form?.isTouched;
        if (["new", "contact", "note"].includes(mode) && typed) {
            unsent = {mode, form, note, card, text, doubles, found, hits, more, key: this.key};
        }
    }

    // === Finding === //

    onInput(ev) {
        // an input method is still composing: letters of pinyin are no text yet
        if (ev.isComposing) {
            return;
        }
        this.state.text = ev.target.value;
        this.search();
    }

    async find() {
        const text = this.state.text.trim();
        if (text && text.length < LEAST_SIGNS) {
            Object.assign(this.state, {hits: [], more: false, found: null});
            return;
        }
        // answers that come late belong to an older text and are dropped
        const {hits, more} = await this.last.add(this.orm.call(MODEL, "find_callers", [text]));
        Object.assign(this.state, {hits, more, found: text, active: 0});
        if (text && hits.length === 1 && !more) {
            await this.openCard(hits[0]);
        } else if (this.state.mode === "card") {
            this.state.mode = "find";
        }
    }

    onKeydown(ev) {
        const {hits, mode} = this.state;
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            if (mode === "find" && hits.length) {
                this.state.active = (this.state.active + step + hits.length) % hits.length;
                this.list.el?.children[this.state.active]?.scrollIntoView({block: "nearest"});
            }
            ev.preventDefault();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.chooseActive();
        }
    }

    async chooseActive() {
        if (this.state.found !== this.state.text.trim()) {
            this.search.cancel();
            await this.find();
            if (this.state.mode === "card") {
                return;
            }
        }
        if (this.state.mode === "find" && this.state.hits.length) {
            await this.openCard(this.state.hits[this.state.active]);
        } else if (this.isUnknown) {
            await this.startNew();
        }
    }

    // === The card === //

    async openCard({id, contact_id}) {
        const text = this.state.text.trim();
        const card = await this.last.add(
            this.orm.call(MODEL, "get_card", [id], {contact_id: contact_id || false, text}),
        );
        Object.assign(this.state, {card, mode: "card", error: "", note: "", doubles: []});
    }

    back() {
        this.state.error = "";
        this.state.doubles = [];
        this.state.mode = this.state.mode !== "card" && this.state.card ? "card" : "find";
        if (this.state.mode === "find") {
            this.state.card = null;
        }
    }

    chooseContact(id) {
        this.state.card.contact_id = id;
    }

    chooseSoftware(id) {
        const {card} = this.state;
        card.installation_id = card.installation_id === id ? false : id;
    }

    /** The form below is saved by Odoo before it is left; while it cannot be saved, the dialogue stays open. */
    async go(action) {
        await this.action.doAction(action);
        this.props.close();
    }

    async openDocument(code) {
        const {id, contact_id, installation_id} = this.state.card;
        const action = await this.orm.call(MODEL, "open_document", [code, id], {
            contact_id,
            installation_id,
        });
        await this.go(action);
    }

    openRecord(resModel, resId) {
        return this.go({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    // === Entering === //

    async startNew() {
        const {values, products, may_install} = await this.orm.call(MODEL, "get_new", [
            this.state.text.trim(),
        ]);
        Object.assign(this.state, {
            mode: "new",
            card: null,
            form: {values, products, mayInstall: may_install, isTouched: false},
            doubles: [],
            error: "",
        });
        this.key = uuid();
    }

    async startContact() {
        const {values} = await this.orm.call(MODEL, "get_new", [this.state.text.trim()]);
        const known = ["phone", "landline", "qq", "contact"].find((name) => values[name]);
        Object.assign(this.state, {
            mode: "contact",
            form: {
                values: known ? {[known]: values[known]} : {},
                products: [],
                mayInstall: false,
                isTouched: false,
            },
            error: "",
        });
        this.key = uuid();
    }

    startNote() {
        Object.assign(this.state, {mode: "note", note: "", error: ""});
        this.key = uuid();
    }

    onFormInput(name, value) {
        const {form} = this.state;
        form.values[name] = value;
        form.isTouched = true;
        if (name === "date_start" && value) {
            // a first period lasts a year, its last day included
            form.values.date_end = DateTime.fromISO(value)
                .plus({years: 1})
                .minus({days: 1})
                .toISODate();
        }
        this.state.error = "";
    }

    /** Send once at a time; what the server says is wrong is shown in place, and everything entered stays. */
    async send(call) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, {busy: true, error: ""});
        try {
            return await call();
        } catch (error) {
            if (!error.exceptionName?.startsWith("odoo.exceptions.")) {
                throw error;
            }
            this.state.error = error.data.message;
        } finally {
            this.state.busy = false;
        }
    }

    create(despite = false) {
        return this.send(async () => {
            const answer = await this.orm.call(MODEL, "create_customer", [], {
                values: {...this.state.form.values},
                key: this.key,
                despite,
            });
            this.state.doubles = answer.doubles || [];
            if (answer.id) {
                await this.openCard(answer);
            }
        });
    }

    createContact() {
        return this.send(async () => {
            const {id} = this.state.card;
            const contact = await this.orm.call(MODEL, "create_contact", [id], {
                values: {...this.state.form.values},
                key: this.key,
            });
            await this.openCard({id, contact_id: contact});
        });
    }

    saveNote() {
        return this.send(async () => {
            const {id, contact_id} = this.state.card;
            await this.orm.call(MODEL, "note_call", [id], {
                text: this.state.note,
                key: this.key,
                contact_id,
            });
            this.notification.add(_t("Noted down."), {type: "success"});
            await this.openCard({id, contact_id});
        });
    }
}

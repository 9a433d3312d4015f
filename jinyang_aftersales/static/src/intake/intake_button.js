import {Component} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

import {IntakeDialog} from "./intake_dialog";

const HOTKEY = "alt+shift+l";

/** Telephone intake in the top bar of every screen, for those who take calls. */
export class IntakeButton extends Component {
    static template = "jinyang_aftersales.IntakeButton";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
        this.isOpen = false;
        this.isAllowed = session.aftersales_takes_calls;
        useHotkey(HOTKEY, () => this.open(), {
            bypassEditableProtection: true,
            global: true,
            isAvailable: () => this.isAllowed,
        });
    }

    get title() {
        return _t("Telephone Intake (Alt+Shift+L)");
    }

    /** A second press while the dialogue is open opens no second one. */
    open() {
        if (this.isOpen) {
            return;
        }
        this.isOpen = true;
        this.dialog.add(
            IntakeDialog,
            {},
            {
                onClose: () => {
                    this.isOpen = false;
                },
            },
        );
    }
}

registry
    .category("systray")
    .add("jinyang_aftersales.intake", {Component: IntakeButton}, {sequence: 90});

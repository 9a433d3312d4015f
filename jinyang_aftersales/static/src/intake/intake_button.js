import {Component, onWillStart, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

import {IntakeDialog} from "./intake_dialog";

const ROLES = ["jinyang_aftersales.group_user", "jinyang_aftersales.group_callback"];
const HOTKEY = "alt+shift+l";

/** Telephone intake in the top bar of every screen, for those who take calls. */
export class IntakeButton extends Component {
    static template = "jinyang_aftersales.IntakeButton";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
        this.state = useState({allowed: false});
        this.isOpen = false;
        onWillStart(async () => {
            const roles = await Promise.all(ROLES.map((role) => user.hasGroup(role)));
            this.state.allowed = roles.some(Boolean);
        });
        useHotkey(HOTKEY, () => this.open(), {
            bypassEditableProtection: true,
            global: true,
            isAvailable: () => this.state.allowed,
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

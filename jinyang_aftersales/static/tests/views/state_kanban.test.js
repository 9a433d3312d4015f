import {describe, expect, test} from "@odoo/hoot";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {utils as uiUtils} from "@web/core/ui/ui_service";

describe.current.tags("desktop");

class Paper extends models.Model {
    _name = "aftersales.test.paper";

    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["done", "Done"],
        ],
    });

    _records = [
        {id: 1, state: "draft"},
        {id: 2, state: "done"},
    ];
}

defineMailModels();
defineModels([Paper]);

const ARCH = `
    <kanban js_class="aftersales_state_kanban" default_group_by="state">
        <templates><t t-name="card"><field name="state"/></t></templates>
    </kanban>`;

test("documents stand in columns by state", async () => {
    await mountView({type: "kanban", resModel: Paper._name, arch: ARCH});
    expect(".o_kanban_group").toHaveCount(2);
});

test("on a phone they stand in one list", async () => {
    patchWithCleanup(uiUtils, {isSmall: () => true});
    await mountView({type: "kanban", resModel: Paper._name, arch: ARCH});
    expect(".o_kanban_group").toHaveCount(0);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
});

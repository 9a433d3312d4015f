import {describe, expect, test} from "@odoo/hoot";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {session} from "@web/session";
import {setupEditor} from "@html_editor/../tests/_helpers/editor";

describe.current.tags("desktop");
defineMailModels();

test("texts are translated by AI where the online services are used only", async () => {
    for (const used of [false, true]) {
        patchWithCleanup(session, {aftersales_online_services: used});
        const {editor} = await setupEditor("<p>[text]</p>");
        expect(editor.pluginsMap.has("chatgpt_translate")).toBe(used);
    }
});

import {Editor} from "@html_editor/editor";
import {MAIN_PLUGINS} from "@html_editor/plugin_sets";
import {patch} from "@web/core/utils/patch";
import {session} from "@web/session";

// texts are not offered for translation by a service that refuses them
patch(Editor.prototype, {
    preparePlugins() {
        if (!session.aftersales_online_services) {
            const plugins = this.config.Plugins || MAIN_PLUGINS;
            this.config = {
                ...this.config,
                Plugins: plugins.filter(({id}) => id !== "chatgpt_translate"),
            };
        }
        super.preparePlugins();
    },
});

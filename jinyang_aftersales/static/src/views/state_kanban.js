import {SearchModel} from "@web/search/search_model";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";
import {utils as uiUtils} from "@web/core/ui/ui_service";

/**
 * A phone shows one column at a time, often an empty one: there the cards stand in one list, unless the user groups
 * them.
 */
export class StateSearchModel extends SearchModel {
    async load(config) {
        const defaultGroupBy = uiUtils.isSmall() ? undefined : config.defaultGroupBy;
        return super.load({...config, defaultGroupBy});
    }
}

registry
    .category("views")
    .add("aftersales_state_kanban", {...kanbanView, SearchModel: StateSearchModel});

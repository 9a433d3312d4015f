"""Records of other tables that a word finds, looked up before the query that needs them. No model is defined here."""

from odoo.fields import Domain
from odoo.tools import SQL

# Records that are named one by one in a query; more are left to the database, which reads the table then.
NAMED = 2000


def get_selects(model, word, text, *columns):
    """Statements that give the records a word finds by themselves, archived ones, too, of those the user may read.

    :param odoo.models.BaseModel model: in the environment of the user
    :param str word: folded
    :param str text: the same as typed
    :param columns: what they give, the ids if nothing is said
    :return: statements, each of which takes one index
    :rtype: list[SQL]
    """
    model = model.with_context(active_test=False)
    if not hasattr(model, "_get_own_domains"):
        # models of others are found by their names
        domains = [Domain("display_name", "ilike", text)]
    else:
        domains = model._get_own_domains(word, text)
        domains += [_in("id", select) for select in model._get_other_selects(word, text)]
    selects = []
    for domain in domains:
        query = model._search(domain, order="id")
        if not query.is_empty():
            # by any index: the order does not matter here
            query.order = None
            table = query.table
            names = [model._field_to_sql(table, name, query) for name in columns or ["id"]]
            selects.append(query.select(*names))
    return selects


class Lookup:
    """Ids that some statements give, all of them fetched by one.

    Named one by one they let the database take the index of each condition; where they are too many, it gets the
    statements instead.

    :param odoo.api.Environment env: environment of the user
    """

    def __init__(self, env):
        self.env = env
        self.asked = {}
        self.found = {}
        self.names = SQL()

    def ask(self, key, selects):
        """:param str key: name for what is looked up
        :param list selects: statements whose rows are added together, of one column or two
        """
        self.asked.setdefault(key, []).extend(selects)

    def ask_word(self, model, word, text):
        """Look up the records of a model that a word finds by themselves; their key is the name of the model.

        :param odoo.models.BaseModel model: nothing is found where the user may not read it
        :param str word: folded
        :param str text: the same as typed
        """
        self.ask(model._name, get_selects(model, word, text) if model.has_access("read") else [])

    def run(self, columns=1):
        """Fetch what was asked.

        :param int columns: how many the statements have
        """
        self.found = {key: [] for key in self.asked}
        self.names = SQL(", ").join([SQL("one"), SQL("two")][:columns])
        parts = [
            SQL(
                "(SELECT %s, %s FROM (%s) AS rows (%s) LIMIT %s)",
                key,
                self.names,
                select,
                self.names,
                NAMED + 1,
            )
            for key, selects in self.asked.items()
            for select in selects
        ]
        if parts:
            for key, *ids in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
                self.found[key].append(ids)

    def get_ids(self, key, column=0):
        """:return: ids in a column of what was found, or None when they are too many
        :rtype: set[int] | None
        """
        if len(self.found[key]) > NAMED:
            return None
        return {row[column] for row in self.found[key]} - {None}

    def among(self, key, name):
        """Condition that a column has one of the ids.

        :param str key: name for what was looked up
        :param str name: many2one field, or a field with ids
        :return: FALSE when nothing was found
        :rtype: Domain
        """
        ids = self.get_ids(key)
        return _in(name, self._select_all(key)) if ids is None else among(name, ids)

    def _select_all(self, key):
        rows = SQL(" UNION ALL ").join(self.asked[key])
        return SQL("SELECT one FROM (%s) AS rows (%s)", rows, self.names)

    def linked(self, field):
        """Condition that a record links to one of the model of a field.

        :param odoo.fields.Field field: many2one or many2many field
        :return: FALSE when nothing was found
        :rtype: Domain
        """
        if field.type == "many2one":
            return self.among(field.comodel_name, field.name)
        ids = self.get_ids(field.comodel_name)
        if ids is None:
            return Domain(field.name, "in", self._select_all(field.comodel_name))
        if not ids:
            return Domain.FALSE
        model = self.env[field.model_name].with_context(active_test=False)
        return among(
            "id", model._search([(field.name, "in", list(ids))], order="id").get_result_ids()
        )


def among(name, ids):
    """Condition that a column has one of some ids.

    It says so twice. The second comparison is for the index of the column, which the planner takes because it does not
    see how many ids there are: it holds the index to be slower than reading the table from a few hundred on, which is
    wrong. The first cannot be taken for the index; it is quick where another condition needs the whole table anyway.

    The ids are one text for the database, whose parser takes its time with thousands of numbers.

    :param str name: field
    :param ids: the ids
    :return: FALSE when there are none
    :rtype: Domain
    """
    if not ids:
        return Domain.FALSE
    listed = f"{{{','.join(map(str, ids))}}}"

    def to_sql(model, alias, query):
        return SQL(
            "(%(column)s + 0 = ANY(%(listed)s::int[]) AND %(column)s = ANY(ARRAY(SELECT unnest(%(listed)s::int[]))))",
            column=model._field_to_sql(alias, name, query),
            listed=listed,
        )

    return Domain.custom(to_sql=to_sql)


def _in(name, select):
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "%s IN (%s)", model._field_to_sql(alias, name, query), select
        )
    )

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules.h"

#include "disconnect/field.h"
#include "disconnect/label.h"
#include "name-table.h"
#include "when.h"

#define TAG_PREFIX "coder."

static const gchar introduction[] =
  "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->\n"
  "<!-- Printed by `coder-triage rules --markdown`. Change the tables, not this page. -->\n"
  "# Verdict rules\n"
  "\n"
  "How the end of a connection is judged. Agent, parser and `coder-triage` share the tables that\n"
  "this page is printed from.\n"
  "\n"
  "1. All that a line says about the end amounts to one *cause*: the innermost text of an error,\n"
  "   a protocol's code or an exit status.\n"
  "2. The [rules](#rules) are tried in their order over that cause and the site; the first that\n"
  "   matches gives the reason. Its number stands in the pair `rule` and is never given to\n"
  "   another rule.\n"
  "3. A reason or an initiator of the vocabulary that the sender declared stands. What the sender\n"
  "   says about `disconnect_expected` never does: it is computed from the reason.\n"
  "4. Where neither sender nor rule names the initiator, the site does, if the reason leaves no\n"
  "   choice there; else it is empty.\n";

static const gchar record_before_messages[] =
  "\n"
  "## What makes a line a record\n"
  "\n"
  "- The key `disconnect_reason`, whatever the message: in our element of structured data, in a\n"
  "  slog line, at the top level of `fields` in slog's JSON, in a Stackdriver object, or as the\n"
  "  native journald field. An empty value is `unknown`. The key nested deeper, inside a quoted\n"
  "  value, in a continuation block or in other JSON is nothing.\n"
  "- Without the key, a slog line whose whole message, after the logger's name, is one of the\n"
  "  table below. Such verdicts are derived.\n"
  "- Text with a `DisconnectReason=` that is not empty, beside another key of coderd's connection\n"
  "  log (`Type=`, `ID=`).\n"
  "\n"
  "Everything else is no record. A broken line keeps its verdict if its site or its reason stood\n"
  "before the break; one that claims to be ours and has neither is only marked `malformed`.\n"
  "\n";

static const gchar before_tags[] =
  "\n"
  "## Tags\n"
  "\n"
  "The parser sets these and no others; `tag-prefix()` changes the first part of their names.\n"
  "\n";

static const gchar before_counters[] =
  "\n"
  "## Counters\n"
  "\n"
  "As many as this table has values, whatever peers send. In `syslog-ng-ctl stats` they are\n"
  "`parser;ID;KIND/VALUE;a;disconnects;N`, from syslog-ng 4 on\n"
  "`syslogng_coder_disconnects_total{id,kind,value}`.\n"
  "\n";

static const gchar before_fields[] =
  "\n"
  "## Fields\n"
  "\n"
  "Names of SD-PARAMs, of pairs behind the parser's `prefix()`, and in JSON. Those behind\n"
  "`run_id` are what the parser adds. A field without a value sets no pair.\n"
  "\n";

/* Prints a row of a table; the cells end with a %NULL. */
static void G_GNUC_NULL_TERMINATED
_row(FILE *out, const gchar *first, ...)
{
  va_list args;

  va_start(args, first);
  for (const gchar *cell = first; cell; cell = va_arg(args, const gchar *))
    fprintf(out, "| %s%s", cell, *cell ? " " : "");
  va_end(args);
  fputs("|\n", out);
}

/* Prints the head of a table; the cells end with a %NULL. */
static void
_head(FILE *out, const gchar *const *cells)
{
  for (guint i = 0; cells[i]; i++)
    fprintf(out, "| %s ", cells[i]);
  fputs("|\n", out);
  for (guint i = 0; cells[i]; i++)
    fputs("|---", out);
  fputs("|\n", out);
}

/* A name as code, nothing for an empty one. Returns: (transfer full) */
static gchar *
_code(const gchar *name)
{
  return *name ? g_strconcat("`", name, "`", NULL) : g_strdup("");
}

static void
_print_messages(FILE *out)
{
  static const gchar *const head[] = { "message", "site", "record", NULL };
  guint n_messages;
  const CdSiteMessage *messages = cd_site_messages(&n_messages);

  fputs(record_before_messages, out);
  _head(out, head);
  for (guint i = 0; i < n_messages; i++)
    {
      g_autofree gchar *message = _code(messages[i].text.data);
      g_autofree gchar *site = _code(cd_site_get_info(messages[i].site)->name);
      _row(out, message, site, messages[i].needs_error ? "beside an `error`" : "always", NULL);
    }
}

static void
_print_rule(FILE *out, const CdRule *rule)
{
  g_autofree gchar *when = cd_when_describe(rule);
  g_autofree gchar *name = g_strdup_printf("**%s**<br>%s", rule->name, rule->sentence);

  _row(out, cd_rule_get_number_text(rule), name, when, cd_rule_describe_reason(rule),
       cd_rule_describe_initiator(rule), cd_rule_describe_expected(rule), NULL);
}

static void
_print_rules(FILE *out)
{
  static const gchar *const head[] = { "rule",      "name",     "when", "reason",
                                       "initiator", "expected", NULL };
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  fputs("\n## Rules\n\n", out);
  _head(out, head);
  for (guint i = 0; i < n_rules; i++)
    _print_rule(out, &rules[i]);
}

static void
_print_reasons(FILE *out)
{
  static const gchar *const head[] = { "name", "expected", "meaning", "next step", NULL };

  fputs("\n## Reasons\n\nThe values of `disconnect_reason`.\n\n", out);
  _head(out, head);
  for (guint i = 0; i < CD_N_REASONS; i++)
    {
      const CdReasonInfo *info = cd_reason_get_info(i);
      g_autofree gchar *name = _code(info->name);
      _row(out, name, info->expected ? "yes" : "no", info->explanation, info->next_step, NULL);
    }
}

static void
_print_name_table(FILE *out, const CdNameTable *table)
{
  static const gchar *const head[] = { "name", "meaning", NULL };

  fprintf(out, "\n## %s\n\n", table->title);
  if (*table->field)
    fprintf(out, "The values of `%s`.\n\n", table->field);
  _head(out, head);
  for (guint i = 0; i < table->n_rows; i++)
    {
      const CdNameInfo *row = table->get_row(i);
      g_autofree gchar *name = _code(row->name);
      _row(out, *name ? name : "(empty)", row->explanation, NULL);
    }
}

static void
_print_name_tables(FILE *out)
{
  guint n_tables;
  const CdNameTable *tables = cd_name_tables(&n_tables);

  for (guint i = 0; i < n_tables; i++)
    _print_name_table(out, &tables[i]);
}

static void
_print_sites(FILE *out)
{
  static const gchar *const head[] = { "name", "layer", "meaning", NULL };

  fputs("\n## Sites\n\nThe values of `site`: where the end was seen.\n\n", out);
  _head(out, head);
  for (guint i = CD_SITE_NONE + 1; i < CD_N_SITES; i++)
    {
      const CdSiteInfo *info = cd_site_get_info(i);
      g_autofree gchar *name = _code(info->name);
      g_autofree gchar *layer = _code(cd_layer_get_info(info->layer)->name);
      _row(out, name, layer, info->explanation, NULL);
    }
}

static void
_print_fields(FILE *out)
{
  static const gchar *const head[] = {
    "name", "kind", "slog key besides", "connection log", "journald", "meaning", NULL
  };

  fputs(before_fields, out);
  _head(out, head);
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    {
      const CdFieldInfo *info = cd_field_get_info(i);
      g_autofree gchar *journald_name = cd_field_to_journald(i);
      g_autofree gchar *name = _code(info->name.data);
      g_autofree gchar *slog_key = _code(info->slog_key.data ? info->slog_key.data : "");
      g_autofree gchar *log_key = _code(info->log_key.data ? info->log_key.data : "");
      g_autofree gchar *journald = _code(i < CD_N_WIRE_FIELDS ? journald_name : "");
      _row(out, name, cd_kind_get_name(info->kind), slog_key, log_key, journald, info->explanation,
           NULL);
    }
}

static void
_print_tag(FILE *out, CdTag tag)
{
  g_autofree gchar *name = cd_tag_make_name(tag);
  g_autofree gchar *code = g_strconcat("`" TAG_PREFIX, name, "`", NULL);

  _row(out, code, cd_tag_get_explanation(tag), NULL);
}

static void
_print_tags(FILE *out)
{
  static const gchar *const head[] = { "tag", "meaning", NULL };

  fputs(before_tags, out);
  _head(out, head);
  for (guint i = 0; i < CD_N_TAGS; i++)
    _print_tag(out, i);
}

/* The values of one kind share a row. Returns: the kind. */
static const gchar *
_print_counter(FILE *out, CdCounter counter, const gchar *kind_before)
{
  const gchar *kind = cd_counter_get_kind(counter);
  const gchar *value = cd_counter_get_value(counter);

  if (g_strcmp0(kind, kind_before) == 0)
    fprintf(out, ", `%s`", value);
  else
    fprintf(out, "%s| `%s` | `%s`", kind_before ? " |\n" : "", kind, value);
  return kind;
}

static void
_print_counters(FILE *out)
{
  static const gchar *const head[] = { "KIND", "VALUE", NULL };
  const gchar *kind = NULL;

  fputs(before_counters, out);
  _head(out, head);
  for (guint i = 0; i < CD_N_COUNTERS; i++)
    kind = _print_counter(out, i, kind);
  fputs(" |\n", out);
}

void
cd_rules_print_markdown(FILE *out)
{
  fputs(introduction, out);
  _print_messages(out);
  _print_rules(out);
  _print_reasons(out);
  _print_name_tables(out);
  _print_sites(out);
  _print_fields(out);
  _print_tags(out);
  _print_counters(out);
}
